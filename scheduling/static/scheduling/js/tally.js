// Without network the counts wait on this phone: kept as they are typed, sent when the network is back.

const form = document.getElementById("tally-form");
const later = document.getElementById("tally-later");
const key = `tally:${location.pathname}:${form?.dataset.saved}`;
const counters = form ? [...form.querySelectorAll("input[type=number]")] : [];

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {};
  }
};

const keep = () => {
  const values = Object.fromEntries(counters.map((counter) => [counter.name, counter.value]));
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // a browser that keeps nothing: the page itself still holds the numbers
  }
};

if (form && !form.querySelector(".error-summary")) {
  const kept = read();
  for (const counter of counters) if (kept[counter.name]) counter.value = kept[counter.name];
  form.addEventListener("input", keep);
  // Capture: before the page's own guard against a second press has marked the form as sent.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target !== form || navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      keep();
      later.hidden = false;
      later.setAttribute("role", "status");
      window.addEventListener("online", () => form.requestSubmit(), { once: true });
    },
    true,
  );
  window.addEventListener("pagehide", () => {
    if (form.dataset.sent) localStorage.removeItem(key);
  });
}
