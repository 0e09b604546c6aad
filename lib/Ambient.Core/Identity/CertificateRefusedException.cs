namespace Ambient.Core.Identity;

/// <summary>
/// A CA will not sign, and no repetition of the same request changes that: the request is not acceptable, or the caller has no right to
/// the identity. The message goes to the caller.
/// </summary>
public sealed class CertificateRefusedException(string reason, Exception? cause = null) : Exception(reason, cause);
