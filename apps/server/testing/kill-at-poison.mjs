/**
 * Preloaded into a server under test: the process kills itself when it folds an event named "Kill Process", as a
 * customer would whose work takes all memory. The fold looks event names up in maps, and nothing else does.
 */
const { get } = Map.prototype
Map.prototype.get = function (key) {
  if (key === "Kill Process") process.kill(process.pid, "SIGKILL")
  return get.call(this, key)
}
