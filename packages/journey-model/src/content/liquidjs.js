// The real declarations of liquidjs bring Node's globals into every program that sees them; the narrow ones in
// liquidjs.d.ts keep `fetch`, `console` and timers out of the model.
export { Liquid } from "liquidjs"
