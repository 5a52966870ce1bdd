// While cash is counted: what each value comes to, the whole, and what is missing or too much. The server counts again.

const form = document.querySelector("[data-count]");
const words = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const rupiah = (amount) => `${amount < 0 ? "-" : ""}Rp${words.format(Math.abs(amount))}`;

function reckon() {
  let total = 0;
  for (const field of form.querySelectorAll("[data-value]")) {
    const pieces = Number.parseInt(field.value, 10) || 0;
    const sum = pieces > 0 ? pieces * Number(field.dataset.value) : 0;
    total += sum;
    field.closest("tr").querySelector("[data-sum]").textContent = sum ? rupiah(sum) : "";
  }
  const expected = Number(form.querySelector("select").selectedOptions[0].dataset.expected);
  form.querySelector("[data-total]").textContent = rupiah(total);
  form.querySelector("[data-expected-shown]").textContent = rupiah(expected);
  form.querySelector("[data-gap]").textContent = rupiah(total - expected);
}

form.addEventListener("input", reckon);
for (const row of form.querySelectorAll("[data-scripted]")) row.hidden = false;
reckon();
