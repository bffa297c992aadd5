// Of several figures that count the same, one is used in totals: ticking it unticks the others.
document.addEventListener("change", ({ target }) => {
  const row = /^(figures-\d+)-in_totals$/.exec(target.name ?? "")?.[1];
  if (row === undefined || !target.checked) return;
  const fields = target.form.elements;
  const measure = fields[`${row}-measure`]?.value;
  for (const other of target.form.querySelectorAll('[name^="figures-"][name$="-in_totals"]')) {
    const named = other.name.replace("-in_totals", "-measure");
    if (other !== target && fields[named]?.value === measure) other.checked = false;
  }
});
