export { ConfirmDialog as RunDialog } from "../ui/ConfirmDialog.tsx"
