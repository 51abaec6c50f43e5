// Takes the code out of the address, where no server sees it, into its field, and leaves none behind.
(() => {
  "use strict";
  const field = document.querySelector("input[data-from-address]");
  if (!field || !location.hash) return;
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
})();
