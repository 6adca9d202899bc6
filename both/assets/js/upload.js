// Shows what was chosen and warns early: input[type=file][data-upload] with data-max-files and
// data-max-mb. The server looks at the content and decides.
import { each, say } from "./dom.js";

each("input[type=file][data-upload]", (input) => {
  const list = document.getElementById(`${input.id}-files`);
  input.addEventListener("change", () => {
    const files = [...input.files];
    list?.replaceChildren(...files.map(entry));
    say(input, ...problem(files, Number(input.dataset.maxFiles || 5), Number(input.dataset.maxMb || 10)));
  });
});

function problem(files, maxFiles, maxMb) {
  if (files.length > maxFiles) return [`最多 ${maxFiles} 个文件`, "bad"];
  const big = files.find((file) => file.size > maxMb * 1048576);
  if (big) return [`“${big.name}”超过 ${maxMb} MB`, "bad"];
  const empty = files.find((file) => file.size === 0);
  if (empty) return [`“${empty.name}”是空文件`, "bad"];
  return files.length > 0 ? [`已选择 ${files.length} 个文件`, "good"] : ["", ""];
}

function entry(file) {
  const item = document.createElement("li");
  const size = file.size < 1048576 ? `${Math.ceil(file.size / 1024)} KB` : `${(file.size / 1048576).toFixed(1)} MB`;
  item.textContent = `${file.name}（${size}）`;
  return item;
}
