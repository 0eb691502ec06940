// Numbers and elements as users see them. All text goes through textContent: names of experiments are anybody's.

const WHOLE = new Intl.NumberFormat("en");

/** A number with four significant digits. */
export function number(value) {
  if (typeof value !== "number") return value === null || value === undefined ? "" : String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return WHOLE.format(value);
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? rounded(value).toExponential().replace("e+", "e") : String(rounded(value));
}

function rounded(value) {
  return Number(value.toPrecision(4));
}

/** An element with text or children. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "swatch") made.style.setProperty("--swatch", value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Sets an element's text, if it is another one. */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
