import type * as Mantine from "@mantine/core"
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core"

type Part =
  | "Anchor"
  | "Badge"
  | "Button"
  | "InputWrapper"
  | "Menu"
  | "Modal"
  | "Select"
  | "Table"
  | "Tabs"
  | "Tooltip"

/** Defaults of components by their types alone: their code belongs to the pages that use them, not to every page. */
type Defaults = { [Name in Part]: Parameters<(typeof Mantine)[Name]["extend"]>[0] }

// Filled controls take shade 6 in light and 7 in dark: both hold white text at 4.5 or better.
const accent: MantineColorsTuple = [
  "#eceefc",
  "#dfe2fb",
  "#c4caf7",
  "#a3aefc",
  "#7c8aee",
  "#5868e0",
  "#3d4fd1",
  "#4a5be0",
  "#3241b4",
  "#283594",
]

const gray: MantineColorsTuple = [
  "#f6f6f8",
  "#f0f1f4",
  "#e3e4e9",
  "#d3d5dc",
  "#b6b9c3",
  "#8a8f9b",
  "#585d69",
  "#444853",
  "#30333c",
  "#1c1e24",
]

const dark: MantineColorsTuple = [
  "#e8e9ed",
  "#c9ccd4",
  "#a8adb8",
  "#6f7582",
  "#3a3e48",
  "#2f323a",
  "#22252b",
  "#1a1c21",
  "#131418",
  "#0d0e11",
]

const red: MantineColorsTuple = [
  "#fcebea",
  "#f9d6d4",
  "#f2b0ac",
  "#ff9d96",
  "#dc574f",
  "#c93a31",
  "#b3261e",
  "#b8322a",
  "#94201a",
  "#741813",
]

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 7 },
  colors: { accent, gray, dark, red },
  black: "#1c1e24",
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', 'Cascadia Mono', Menlo, Consolas, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.4" },
  headings: {
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.25" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    // A link inside a sentence is known by its line, not by its colour alone.
    Anchor: { defaultProps: { underline: "always" } },
    Badge: { defaultProps: { variant: "light", tt: "none", fw: 550 } },
    Button: { styles: { label: { fontWeight: 550 } } },
    InputWrapper: {
      styles: { label: { marginBottom: 4, fontWeight: 550 }, description: { color: "var(--ink-soft)" } },
    },
    Menu: {
      defaultProps: { shadow: "md", withinPortal: true, withInitialFocusPlaceholder: false },
    },
    Modal: {
      defaultProps: { centered: true, padding: "lg", radius: "lg", overlayProps: { backgroundOpacity: 0.4 } },
      styles: { title: { fontSize: "1.0625rem", fontWeight: 620 } },
    },
    Select: { defaultProps: { checkIconPosition: "right" } },
    Table: { defaultProps: { verticalSpacing: 10, horizontalSpacing: "md" } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: {
      defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: true } },
    },
  } satisfies Defaults,
})

/** Points Mantine's own variables at ours (theme.css), so that its components and ours share one set of colours. */
export const resolveVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-bright": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-soft)",
    "--mantine-color-placeholder": "var(--ink-soft)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-error": "var(--danger)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--surface-hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-accent-light": "var(--accent-soft)",
    "--mantine-color-accent-light-color": "var(--accent)",
    "--mantine-color-red-light": "var(--danger-soft)",
    "--mantine-color-red-light-color": "var(--danger)",
  }
  return {
    variables: {},
    light: { ...shared, "--mantine-color-default-border": "#c6c9d1" },
    dark: { ...shared, "--mantine-color-default-border": "#454a55" },
  }
}
