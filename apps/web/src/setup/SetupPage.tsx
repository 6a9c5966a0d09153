import { Alert, Button, Divider, PasswordInput, Select, SimpleGrid, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconAlertCircle, IconKey } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { accountApi, sessionOptions, signIn } from "../app/account.ts"
import { type Language, languages } from "../app/catalogue.ts"
import { errorKind } from "../app/error-text.ts"
import { changeLanguage } from "../app/i18n.ts"
import { usePageTitle } from "../app/page-title.ts"
import { queryClient } from "../app/query-client.ts"
import { DoorPage } from "../ui/DoorPage.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { ZoneSelect } from "../ui/ZoneSelect.tsx"
import { browserZone } from "../ui/zones.ts"

const route = getRouteApi("/setup")

/** Fewer characters are refused by the server. */
const shortestPassword = 10

/** Longer ones are refused by the server, of people and of workspaces. */
const longestName = 120

const nameError = (value: string, missing: string, long: string): string | null =>
  value.trim() === "" ? missing : value.trim().length > longestName ? long : null

/** The first visit: makes the owner and the workspace, then signs in. The link of the server's start carries the token. */
export default function SetupPage() {
  const { t } = useTranslation("setup")
  usePageTitle(t("title"))
  const { token } = route.useSearch()
  const session = useQuery(sessionOptions)
  const link = useQuery({
    ...accountApi.setup.check.queryOptions({ token: token ?? "" }),
    enabled: token !== undefined,
    // Its own form uses the link up; what was true when the page came stays on the screen.
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (session.data?.setUp) return <Navigate to="/" replace />
  if (!token) {
    return (
      <DoorPage title={t("noToken.title")} text={t("noToken.text")}>
        <Alert icon={<IconKey aria-hidden />}>{t("noToken.hint")}</Alert>
      </DoorPage>
    )
  }
  if (link.data?.valid === false) {
    return (
      <DoorPage title={t("badLink.title")} text={t("badLink.text")}>
        <Alert icon={<IconKey aria-hidden />}>{t("noToken.hint")}</Alert>
      </DoorPage>
    )
  }
  return (
    <DoorPage title={t("title")} text={t("text")}>
      <SetupForm token={token} />
    </DoorPage>
  )
}

function SetupForm({ token }: { token: string }) {
  const { t, i18n } = useTranslation("setup")
  const { t: tUi } = useTranslation("ui")
  const navigate = useNavigate()
  const form = useForm({
    initialValues: {
      name: "",
      email: "",
      password: "",
      workspace: "",
      zone: browserZone(),
      language: i18n.language,
    },
    validateInputOnBlur: true,
    validate: {
      name: value => nameError(value, t("name.missing"), t("name.long")),
      email: value => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t("email.wrong")),
      password: value =>
        value.length >= shortestPassword ? null : t("password.short", { count: shortestPassword }),
      workspace: value => nameError(value, t("workspace.missing"), t("workspace.long")),
    },
  })
  const complete = useMutation({
    ...accountApi.setup.complete.mutationOptions(),
    onSuccess: async ({ workspaceId }, { email, password }) => {
      await signIn(email, password)
      await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
      await navigate({ to: "/w/$workspace/journeys", params: { workspace: workspaceId } })
    },
  })
  const kind = complete.error ? errorKind(complete.error) : undefined
  const badLink = kind === "forbidden" || kind === "signedOut"
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, email, password, workspace, zone, language }) =>
        complete.mutate({
          token,
          name: name.trim(),
          email: email.trim(),
          password,
          workspace: { name: workspace.trim(), zone, language: language as Language },
        }),
      )}
    >
      <Stack gap="md">
        {badLink && (
          <Alert color="red" role="alert" icon={<IconAlertCircle aria-hidden />} title={t("badLink.title")}>
            {t("badLink.text")}
          </Alert>
        )}
        {complete.error && !badLink && <ErrorNote error={complete.error} />}
        <TextInput label={t("name.label")} autoComplete="name" autoFocus {...form.getInputProps("name")} />
        <TextInput
          label={t("email.label")}
          type="email"
          autoComplete="username"
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t("password.label")}
          description={t("password.text", { count: shortestPassword })}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("password.show") }}
          aria-invalid={form.errors.password ? true : undefined}
          {...form.getInputProps("password")}
        />
        <Divider my={4} />
        <TextInput
          label={t("workspace.label")}
          description={t("workspace.text")}
          autoComplete="organization"
          {...form.getInputProps("workspace")}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
          <ZoneSelect brief value={form.values.zone} onChange={zone => form.setFieldValue("zone", zone)} />
          <Select
            label={tUi("language.label")}
            allowDeselect={false}
            data={languages.map(value => ({ value, label: tUi(`language.${value}`) }))}
            {...form.getInputProps("language")}
            onChange={value => {
              const language = languages.find(each => each === value)
              if (!language) return
              form.setFieldValue("language", language)
              void changeLanguage(language)
            }}
          />
        </SimpleGrid>
        <Button type="submit" size="md" fullWidth mt="xs" loading={complete.isPending}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  )
}
