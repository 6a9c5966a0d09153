import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconAlertCircle } from "@tabler/icons-react"
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type SignInRefusal, sessionOptions, signIn } from "../app/account.ts"
import { usePageTitle } from "../app/page-title.ts"
import { queryClient } from "../app/query-client.ts"
import { DoorPage } from "../ui/DoorPage.tsx"
import { useRefusalText } from "./use-refusal-text.ts"

const route = getRouteApi("/sign-in")

export default function SignInPage() {
  const { t } = useTranslation("sign-in")
  usePageTitle(t("title"))
  const { to } = route.useSearch()
  const navigate = useNavigate()
  const router = useRouter()
  const sayRefusal = useRefusalText()
  const [refusal, setRefusal] = useState<SignInRefusal>()
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: value => (value.includes("@") ? null : t("email.missing")),
      password: value => (value ? null : t("password.missing")),
    },
  })

  async function submit({ email, password }: typeof form.values) {
    setRefusal(undefined)
    const refused = await signIn(email.trim(), password)
    if (refused) return setRefusal(refused)
    await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
    if (to) router.history.push(to)
    else await navigate({ to: "/" })
  }

  return (
    <DoorPage title={t("title")} text={t("text")}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack gap="md">
          {refusal && (
            <Alert color="red" role="alert" icon={<IconAlertCircle aria-hidden />}>
              {sayRefusal(refusal)}
            </Alert>
          )}
          <TextInput
            label={t("email.label")}
            type="email"
            size="md"
            autoComplete="username"
            autoFocus
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label={t("password.label")}
            size="md"
            autoComplete="current-password"
            visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
            {...form.getInputProps("password")}
          />
          <Button type="submit" size="md" fullWidth mt="xs" loading={form.submitting}>
            {t("submit")}
          </Button>
        </Stack>
      </form>
    </DoorPage>
  )
}
