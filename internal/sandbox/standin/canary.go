package standin

// Canary replaces every credential that a cloud can return. The platform does not use it, and tests search for it
// wherever no secret belongs.
const Canary = "planted-credential-of-the-cloud"
