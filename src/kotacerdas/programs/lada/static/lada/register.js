// How many goods are picked. Without this script the bar says only that some are.

const count = () => {
  const picked = document.querySelectorAll("#picked ~ section .q-tick input:checked");
  for (const box of document.querySelectorAll(".lada-rows .q-tick input")) box.closest("tr").classList.toggle("picked", box.checked);
  for (const place of document.querySelectorAll("[data-picked]")) place.textContent = picked.length;
};
document.addEventListener("change", (event) => event.target.matches(".lada-rows .q-tick input") && count());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of document.querySelectorAll(".lada-rows .q-tick input:checked")) box.checked = false;
  count();
});
count();
