// Synthetic units (no region has the number 329999), and what they type.

export const PASSWORD = "Member-pass-1!";

const LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// The 18th character of a 统一社会信用代码 (GB 32100-2015): weights are powers of 3, modulo 31.
function checkCharacter(stem) {
  let sum = 0;
  let weight = 1;
  for (const letter of stem) {
    sum += LETTERS.indexOf(letter) * weight;
    weight = (weight * 3) % 31;
  }
  return LETTERS[(31 - (sum % 31)) % 31];
}

export function unit(n) {
  const stem = `91329999XY${String(n).padStart(7, "0")}`;
  return {
    name: `示例网络科技（${n}）有限公司`,
    uscc: stem + checkCharacter(stem),
    legalMobile: `138001${String(n).padStart(5, "0")}`,
    contactMobile: `139001${String(n).padStart(5, "0")}`,
  };
}

// The registration form without a mistake.
export function registration(unit) {
  return {
    name: unit.name,
    uscc: unit.uscc,
    legal_person: "测试法人",
    legal_mobile: unit.legalMobile,
    contact: "测试联系人",
    contact_mobile: unit.contactMobile,
    user_type: "enterprise",
    password: PASSWORD,
    password_again: PASSWORD,
    agree_charter: true,
    agree_privacy: true,
  };
}

// The same with everything wrong that can be typed wrong, and nothing agreed to.
export const BAD_REGISTRATION = {
  name: "1",
  uscc: "91329999",
  legal_person: "",
  legal_mobile: "12345",
  contact: "测试联系人",
  contact_mobile: "",
  password: "short",
  password_again: "other",
};

// 完善信息 without a mistake; region and industry are chosen in steps.
export const PROFILE = {
  contact: "测试联系人",
  email: "dues@example.org",
  unit_state: "active",
  unit_nature: "private",
  industry: "I64",
  unit_size: "small",
  address: "示例路 1 号",
};
export const SECTION = "信息传输、软件和信息技术服务业";
export const REGION = ["320000", "320100", "320102"];
