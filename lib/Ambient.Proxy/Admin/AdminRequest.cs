namespace Ambient.Proxy.Admin;

/// <summary>A request as far as anybody here looks at it.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Path">Without the query.</param>
/// <param name="Query">Without the question mark; empty when there is none.</param>
/// <param name="Accept">Header; empty when there is none.</param>
/// <param name="AcceptEncoding">Header; empty when there is none.</param>
internal readonly record struct AdminRequest(string Method, string Path, string Query, string Accept, string AcceptEncoding);
