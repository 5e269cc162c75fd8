"use strict";
// Signs open their boxes by click, Enter and Space on their own (popovertarget); this places the boxes, opens them while
// the pointer rests on a sign, and makes the counts filter.
{
  let pinned = false;
  let waiting = 0;
  const signOf = box => document.getElementById(box.id.slice(0, -"-why".length));
  const place = box => {
    const sign = signOf(box).getBoundingClientRect();
    const width = box.offsetWidth, height = box.offsetHeight, gap = 8;
    const below = sign.bottom + gap + height <= innerHeight || sign.top < height + gap;
    box.style.margin = "0";
    box.style.right = box.style.bottom = "auto";
    box.style.left = Math.max(gap, Math.min(sign.left - 24, innerWidth - width - gap)) + "px";
    box.style.top = Math.max(gap, below ? Math.min(sign.bottom + gap, innerHeight - height - gap) : sign.top - gap - height) + "px";
  };
  const soon = (work, time) => { clearTimeout(waiting); waiting = setTimeout(work, time); };
  for (const box of document.querySelectorAll(".why")) {
    const sign = signOf(box);
    box.addEventListener("toggle", event => {
      if (event.newState === "open") { place(box); sign.dataset.open = ""; }
      else { delete sign.dataset.open; pinned = false; }
    });
    sign.addEventListener("click", event => {
      clearTimeout(waiting);
      if (box.matches(":popover-open") && !pinned) event.preventDefault();  // opened by the pointer: now it stays
      pinned = true;
    });
    sign.addEventListener("pointerenter", event => {
      if (event.pointerType === "mouse" && !pinned) soon(() => { if (!box.matches(":popover-open")) box.showPopover(); }, 120);
    });
    const leave = () => { if (!pinned) soon(() => { if (box.matches(":popover-open")) box.hidePopover(); }, 250); };
    sign.addEventListener("pointerleave", leave);
    box.addEventListener("pointerleave", leave);
    box.addEventListener("pointerenter", () => clearTimeout(waiting));
    box.querySelector("a").addEventListener("click", () => box.hidePopover());
  }
  for (const filter of document.querySelectorAll(".filter"))
    filter.addEventListener("click", () => {
      const hidden = document.body.classList.toggle("hide-" + filter.dataset.verdict);
      filter.setAttribute("aria-pressed", String(!hidden));
    });
}
