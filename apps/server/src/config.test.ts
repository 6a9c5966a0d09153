import { generateKeyPairSync } from "node:crypto"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { describe, expect, test } from "vitest"
import { BadConfig, readConfig } from "./config.ts"

test("nothing given: port 3000, data beside the project, the shipped database", () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    role: "all",
    dataFolder: resolve(".viaggio"),
    logLevel: "info",
  })
})

test("everything given, the public URL without its slash, an empty variable as if absent", () => {
  const config = readConfig({
    PORT: "8080",
    VIAGGIO_DATA: "/srv/viaggio",
    DATABASE_URL: "postgres://me@db/viaggio",
    VIAGGIO_ADMIN_KEY: "0123456789abcdef",
    VIAGGIO_SMTP_URL: "smtps://me:secret@mail:465",
    VIAGGIO_WEBHOOK_PRIVATE: "allow",
    VIAGGIO_PUBLIC_URL: "https://journeys.example.com/",
    VIAGGIO_ROLE: "worker",
    VIAGGIO_LOG: "",
  })
  expect(config).toEqual({
    port: 8080,
    role: "worker",
    dataFolder: "/srv/viaggio",
    databaseUrl: "postgres://me@db/viaggio",
    adminKey: "0123456789abcdef",
    smtpUrl: "smtps://me:secret@mail:465",
    webhookPrivate: true,
    publicUrl: "https://journeys.example.com",
    logLevel: "info",
  })
})

describe("a bad value names its variable in one sentence", () => {
  const bad: [name: string, value: string][] = [
    ["PORT", "eighty"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["VIAGGIO_DATA", "a\0b"],
    ["DATABASE_URL", "mysql://db/viaggio"],
    ["DATABASE_URL", "localhost"],
    ["VIAGGIO_ADMIN_KEY", "short"],
    ["VIAGGIO_ADMIN_KEY", "0123456789:abcdef"],
    ["VIAGGIO_SMTP_URL", "https://mail"],
    ["VIAGGIO_SMTP_CONNECTIONS", "0"],
    ["VIAGGIO_SMTP_CONNECTIONS", "many"],
    ["VIAGGIO_SMTP_PER_SECOND", "1.5"],
    ["VIAGGIO_DKIM_DOMAIN", "no domain"],
    ["VIAGGIO_DKIM_SELECTOR", "a_b"],
    ["VIAGGIO_WEBHOOK_PRIVATE", "yes"],
    ["VIAGGIO_SMTP_URL", "mail.example.com:587"],
    ["VIAGGIO_SMTP_URL", "smtp://"],
    ["VIAGGIO_SMTP_URL", "smtp:mail.example.com"],
    ["VIAGGIO_PUBLIC_URL", "journeys.example.com"],
    ["VIAGGIO_PUBLIC_URL", "https://example.com/journeys"],
    ["VIAGGIO_ROLE", "boss"],
    ["VIAGGIO_LOG", "loud"],
  ]
  test.each(bad)("%s=%s", (name, value) => {
    const read = () => readConfig({ [name]: value })
    expect(read).toThrow(BadConfig)
    expect(read).toThrow(new RegExp(`^${name} must .*\\.$`))
  })
})

test("a secret is not repeated", () => {
  const read = () => readConfig({ DATABASE_URL: "mysql://me:hunter2@db/viaggio" })
  expect(read).not.toThrow(/hunter2/)
  expect(read).toThrow(
    "DATABASE_URL must be a URL such as postgres://user:password@host/database (the value is not shown here, because it may hold a secret).",
  )
})

test("a socket of the database, as psql has it, is an address too", () => {
  const DATABASE_URL = "postgres://viaggio@/viaggio?host=/var/run/postgresql"
  expect(readConfig({ DATABASE_URL }).databaseUrl).toBe(DATABASE_URL)
})

test("processes that share the work need a database of their own, and workers know where links lead", () => {
  expect(() => readConfig({ VIAGGIO_ROLE: "web" })).toThrow(/DATABASE_URL must name .*VIAGGIO_ROLE=all only/)
  const shared = { DATABASE_URL: "postgres://me@db/viaggio" }
  expect(() => readConfig({ ...shared, VIAGGIO_ROLE: "worker" })).toThrow(/VIAGGIO_PUBLIC_URL must be/)
  expect(readConfig({ ...shared, VIAGGIO_ROLE: "web" }).role).toBe("web")
})

describe("signing mail", () => {
  const folder = mkdtempSync(join(tmpdir(), "viaggio-dkim-"))
  const keyFile = join(folder, "key.pem")
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 })
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string
  writeFileSync(keyFile, pem)
  const all = {
    VIAGGIO_DKIM_DOMAIN: "shop.example.com",
    VIAGGIO_DKIM_SELECTOR: "mail2026",
    VIAGGIO_DKIM_KEY_FILE: keyFile,
  }

  test("needs a domain, a selector and a key", () => {
    expect(readConfig(all).dkim).toEqual({
      domain: "shop.example.com",
      selector: "mail2026",
      privateKey: pem,
    })
    for (const name of Object.keys(all))
      expect(() => readConfig({ ...all, [name]: "" })).toThrow("go together")
  })

  test("names a file that is no key, and never what is in it", () => {
    const other = join(folder, "other.pem")
    writeFileSync(other, "the secret")
    for (const file of [other, join(folder, "missing")]) {
      const read = () => readConfig({ ...all, VIAGGIO_DKIM_KEY_FILE: file })
      expect(read).toThrow("VIAGGIO_DKIM_KEY_FILE must be")
      expect(read).not.toThrow("the secret")
    }
  })
})
