// Sets the colour scheme before the first paint, so that a dark screen never flashes white.
// A file of its own because the content security policy allows no inline script.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem("viaggio.colour-scheme")
  } catch {
    // Storage can be refused by the browser; the system's scheme is then used.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light")
})()
