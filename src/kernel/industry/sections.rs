//! The table of GB/T 4754-2017.

use super::Section;
use crate::kernel::dictionary::Entry;

const fn entry(code: &'static str, label: &'static str) -> Entry {
    Entry { code, label }
}

/// All sections.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "信息传输、软件和信息技术服务业",
        divisions: &[
            entry("I64", "互联网和相关服务"),
            entry("I65", "软件和信息技术服务业"),
            entry("I63", "电信、广播电视和卫星传输服务"),
        ],
    },
    Section {
        name: "农、林、牧、渔业",
        divisions: &[
            entry("A01", "农业"),
            entry("A02", "林业"),
            entry("A03", "畜牧业"),
            entry("A04", "渔业"),
            entry("A05", "农、林、牧、渔专业及辅助性活动"),
        ],
    },
    Section {
        name: "采矿业",
        divisions: &[
            entry("B06", "煤炭开采和洗选业"),
            entry("B07", "石油和天然气开采业"),
            entry("B08", "黑色金属矿采选业"),
            entry("B09", "有色金属矿采选业"),
            entry("B10", "非金属矿采选业"),
            entry("B11", "开采专业及辅助性活动"),
            entry("B12", "其他采矿业"),
        ],
    },
    Section {
        name: "制造业",
        divisions: &[
            entry("C13", "农副食品加工业"),
            entry("C14", "食品制造业"),
            entry("C15", "酒、饮料和精制茶制造业"),
            entry("C16", "烟草制品业"),
            entry("C17", "纺织业"),
            entry("C18", "纺织服装、服饰业"),
            entry("C19", "皮革、毛皮、羽毛及其制品和制鞋业"),
            entry("C20", "木材加工和木、竹、藤、棕、草制品业"),
            entry("C21", "家具制造业"),
            entry("C22", "造纸和纸制品业"),
            entry("C23", "印刷和记录媒介复制业"),
            entry("C24", "文教、工美、体育和娱乐用品制造业"),
            entry("C25", "石油、煤炭及其他燃料加工业"),
            entry("C26", "化学原料和化学制品制造业"),
            entry("C27", "医药制造业"),
            entry("C28", "化学纤维制造业"),
            entry("C29", "橡胶和塑料制品业"),
            entry("C30", "非金属矿物制品业"),
            entry("C31", "黑色金属冶炼和压延加工业"),
            entry("C32", "有色金属冶炼和压延加工业"),
            entry("C33", "金属制品业"),
            entry("C34", "通用设备制造业"),
            entry("C35", "专用设备制造业"),
            entry("C36", "汽车制造业"),
            entry("C37", "铁路、船舶、航空航天和其他运输设备制造业"),
            entry("C38", "电气机械和器材制造业"),
            entry("C39", "计算机、通信和其他电子设备制造业"),
            entry("C40", "仪器仪表制造业"),
            entry("C41", "其他制造业"),
            entry("C42", "废弃资源综合利用业"),
            entry("C43", "金属制品、机械和设备修理业"),
        ],
    },
    Section {
        name: "电力、热力、燃气及水生产和供应业",
        divisions: &[
            entry("D44", "电力、热力生产和供应业"),
            entry("D45", "燃气生产和供应业"),
            entry("D46", "水的生产和供应业"),
        ],
    },
    Section {
        name: "建筑业",
        divisions: &[
            entry("E47", "房屋建筑业"),
            entry("E48", "土木工程建筑业"),
            entry("E49", "建筑安装业"),
            entry("E50", "建筑装饰、装修和其他建筑业"),
        ],
    },
    Section {
        name: "批发和零售业", divisions: &[entry("F51", "批发业"), entry("F52", "零售业")]
    },
    Section {
        name: "交通运输、仓储和邮政业",
        divisions: &[
            entry("G53", "铁路运输业"),
            entry("G54", "道路运输业"),
            entry("G55", "水上运输业"),
            entry("G56", "航空运输业"),
            entry("G57", "管道运输业"),
            entry("G58", "多式联运和运输代理业"),
            entry("G59", "装卸搬运和仓储业"),
            entry("G60", "邮政业"),
        ],
    },
    Section {
        name: "住宿和餐饮业", divisions: &[entry("H61", "住宿业"), entry("H62", "餐饮业")]
    },
    Section {
        name: "金融业",
        divisions: &[
            entry("J66", "货币金融服务"),
            entry("J67", "资本市场服务"),
            entry("J68", "保险业"),
            entry("J69", "其他金融业"),
        ],
    },
    Section { name: "房地产业", divisions: &[entry("K70", "房地产业")] },
    Section {
        name: "租赁和商务服务业",
        divisions: &[entry("L71", "租赁业"), entry("L72", "商务服务业")],
    },
    Section {
        name: "科学研究和技术服务业",
        divisions: &[
            entry("M73", "研究和试验发展"),
            entry("M74", "专业技术服务业"),
            entry("M75", "科技推广和应用服务业"),
        ],
    },
    Section {
        name: "水利、环境和公共设施管理业",
        divisions: &[
            entry("N76", "水利管理业"),
            entry("N77", "生态保护和环境治理业"),
            entry("N78", "公共设施管理业"),
            entry("N79", "土地管理业"),
        ],
    },
    Section {
        name: "居民服务、修理和其他服务业",
        divisions: &[
            entry("O80", "居民服务业"),
            entry("O81", "机动车、电子产品和日用产品修理业"),
            entry("O82", "其他服务业"),
        ],
    },
    Section { name: "教育", divisions: &[entry("P83", "教育")] },
    Section {
        name: "卫生和社会工作",
        divisions: &[entry("Q84", "卫生"), entry("Q85", "社会工作")],
    },
    Section {
        name: "文化、体育和娱乐业",
        divisions: &[
            entry("R86", "新闻和出版业"),
            entry("R87", "广播、电视、电影和录音制作业"),
            entry("R88", "文化艺术业"),
            entry("R89", "体育"),
            entry("R90", "娱乐业"),
        ],
    },
    Section {
        name: "公共管理、社会保障和社会组织",
        divisions: &[
            entry("S91", "中国共产党机关"),
            entry("S92", "国家机构"),
            entry("S93", "人民政协、民主党派"),
            entry("S94", "社会保障"),
            entry("S95", "群众团体、社会团体和其他成员组织"),
            entry("S96", "基层群众自治组织及其他组织"),
        ],
    },
    Section { name: "国际组织", divisions: &[entry("T97", "国际组织")] },
];
