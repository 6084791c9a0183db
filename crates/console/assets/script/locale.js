// Dates, times and numbers in the reader's own way of writing. The server writes UTC.
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const months = new Intl.DateTimeFormat(undefined, { month: "short", timeZone: "UTC" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const ago = new Intl.RelativeTimeFormat(document.documentElement.lang || undefined, { numeric: "auto", style: "short" });
const numbers = new Intl.NumberFormat();
const STEPS = [["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Infinity]];

function relative(at) {
  let amount = (at - Date.now()) / 1000;
  for (const [unit, most] of STEPS) {
    if (Math.abs(amount) < most) return ago.format(Math.round(amount), unit);
    amount /= most;
  }
  return moments.format(at);
}

export function localize(root) {
  const found = root.querySelectorAll("time[data-as], data[value]");
  const all = root.matches?.("time[data-as], data[value]") ? [root, ...found] : found;
  for (const element of all) {
    if (element.localName === "data") {
      element.textContent = numbers.format(Number(element.value));
      continue;
    }
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const as = element.dataset.as;
    // A date is the last or first day of a term: it is the same day everywhere.
    element.textContent = as === "date" ? dates.format(at) : as === "month" ? months.format(at) : as === "ago" ? relative(at) : moments.format(at);
    element.title = exact.format(at);
  }
}

setInterval(() => {
  for (const element of document.querySelectorAll('time[data-as="ago"]')) {
    element.textContent = relative(new Date(element.dateTime));
  }
}, 30_000);
