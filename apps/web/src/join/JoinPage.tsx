import { Alert, Button, Loader, PasswordInput, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconAlertCircle, IconLinkOff } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { useLocation, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import {
  accountApi,
  accountClient,
  type SignInRefusal,
  sessionOptions,
  signIn,
  signOut,
} from "../app/account.ts"
import type { Outputs } from "../app/api.ts"
import { errorKind } from "../app/error-text.ts"
import { usePageTitle } from "../app/page-title.ts"
import { queryClient } from "../app/query-client.ts"
import { useRefusalText } from "../sign-in/use-refusal-text.ts"
import { DoorPage } from "../ui/DoorPage.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"

type Invitation = Outputs["invitations"]["view"]

/** Fewer characters are refused by the server. */
const shortestPassword = 10
const longestName = 120

/** Where an invitation's link leads: makes the account, or signs an existing one in, and joins the workspace. */
export default function JoinPage() {
  const { t } = useTranslation("join")
  usePageTitle(t("title"))
  // Behind the # the secret reaches no server's log.
  const token = useLocation({ select: location => location.hash })
  const view = useQuery({
    ...accountApi.invitations.view.queryOptions({ token }),
    enabled: token !== "",
    staleTime: Number.POSITIVE_INFINITY,
  })
  const session = useQuery(sessionOptions)
  if (token === "" || (view.error && ["notFound", "invalid"].includes(errorKind(view.error)))) {
    return (
      <DoorPage title={t("bad.title")} text={t("bad.text")}>
        <Alert icon={<IconLinkOff aria-hidden />}>{t("bad.hint")}</Alert>
      </DoorPage>
    )
  }
  const error = view.error ?? session.error
  if (error) {
    return (
      <DoorPage title={t("title")} text="">
        <ErrorNote error={error} onRetry={() => void Promise.all([view.refetch(), session.refetch()])} />
      </DoorPage>
    )
  }
  if (!view.data || !session.data) {
    return (
      <DoorPage title={t("title")} text="">
        <Loader aria-label={t("loading")} />
      </DoorPage>
    )
  }
  const { workspace, invitedBy, role } = view.data
  const text = invitedBy === null ? t("text") : t("textBy", { name: invitedBy })
  return (
    <DoorPage title={t("heading", { workspace })} text={`${text} ${t(`roles.${role}`)}`}>
      <Way token={token} invitation={view.data} signedInAs={session.data.user?.email} />
    </DoorPage>
  )
}

function Way(props: { token: string; invitation: Invitation; signedInAs: string | undefined }) {
  const { t } = useTranslation("join")
  const { invitation, signedInAs } = props
  const join = useJoin(props.token)
  if (signedInAs === invitation.email) {
    return (
      <Stack gap="md">
        {join.error && <ErrorNote error={join.error} />}
        <Button size="md" fullWidth loading={join.isPending} onClick={() => join.mutate(undefined)}>
          {t("join")}
        </Button>
      </Stack>
    )
  }
  if (signedInAs !== undefined) {
    return (
      <Stack gap="md">
        <Alert icon={<IconAlertCircle aria-hidden />}>
          {t("other", { here: signedInAs, invited: invitation.email })}
        </Alert>
        <Button
          size="md"
          fullWidth
          onClick={async () => {
            await signOut()
            await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
          }}
        >
          {t("signOut")}
        </Button>
      </Stack>
    )
  }
  return invitation.hasAccount ? (
    <SignInForm invitation={invitation} join={join} />
  ) : (
    <NewAccountForm invitation={invitation} join={join} />
  )
}

type Account = { name: string; email: string; password: string }

/** Accepts, signs a new account in, and opens the workspace. */
function useJoin(token: string) {
  const navigate = useNavigate()
  return useMutation({
    mutationFn: async (account: Account | undefined) => {
      const { workspaceId } = await accountClient.invitations.accept.mutate({
        token,
        ...(account ? { account: { name: account.name, password: account.password } } : {}),
      })
      if (account) await signIn(account.email, account.password)
      return workspaceId
    },
    onSuccess: async workspace => {
      await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
      await navigate({ to: "/w/$workspace/journeys", params: { workspace } })
    },
  })
}

type FormProps = { invitation: Invitation; join: ReturnType<typeof useJoin> }

function NewAccountForm({ invitation, join }: FormProps) {
  const { t } = useTranslation("join")
  const form = useForm({
    initialValues: { name: "", password: "" },
    validateInputOnBlur: true,
    validate: {
      name: value =>
        value.trim() === "" ? t("name.missing") : value.trim().length > longestName ? t("name.long") : null,
      password: value =>
        value.length >= shortestPassword ? null : t("password.short", { count: shortestPassword }),
    },
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, password }) =>
        join.mutate({ name: name.trim(), email: invitation.email, password }),
      )}
    >
      <Stack gap="md">
        {join.error && <ErrorNote error={join.error} />}
        <TextInput label={t("email")} autoComplete="username" value={invitation.email} readOnly />
        <TextInput label={t("name.label")} autoComplete="name" autoFocus {...form.getInputProps("name")} />
        <PasswordInput
          label={t("password.label")}
          description={t("password.text", { count: shortestPassword })}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("password.toggle") }}
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="md" fullWidth mt="xs" loading={join.isPending}>
          {t("create")}
        </Button>
      </Stack>
    </form>
  )
}

function SignInForm({ invitation, join }: FormProps) {
  const { t } = useTranslation("join")
  const sayRefusal = useRefusalText()
  const [refusal, setRefusal] = useState<SignInRefusal>()
  const form = useForm({
    initialValues: { password: "" },
    validate: { password: value => (value ? null : t("password.missing")) },
  })
  async function submit({ password }: { password: string }) {
    const refused = await signIn(invitation.email, password)
    setRefusal(refused)
    if (!refused) await join.mutateAsync(undefined).catch(() => {})
  }
  return (
    <form noValidate onSubmit={form.onSubmit(submit)}>
      <Stack gap="md">
        {refusal && (
          <Alert color="red" role="alert" icon={<IconAlertCircle aria-hidden />}>
            {sayRefusal(refusal)}
          </Alert>
        )}
        {join.error && <ErrorNote error={join.error} />}
        <TextInput label={t("email")} autoComplete="username" value={invitation.email} readOnly />
        <PasswordInput
          label={t("password.label")}
          autoComplete="current-password"
          autoFocus
          visibilityToggleButtonProps={{ "aria-label": t("password.toggle") }}
          {...form.getInputProps("password")}
        />
        <Button type="submit" size="md" fullWidth mt="xs" loading={form.submitting}>
          {t("signIn")}
        </Button>
      </Stack>
    </form>
  )
}
