namespace Ambient.Core.Egress;

/// <param name="Namespace"><c>*</c> is any.</param>
/// <param name="Host">Exact, <c>*.example.com</c> or <c>*</c>; lower-case.</param>
public sealed record EgressHost(string Namespace, string Host)
{
    public bool Covers(string @namespace, string host) =>
        (Namespace == "*" || string.Equals(Namespace, @namespace, StringComparison.Ordinal))
        && (Host == "*" || string.Equals(Host, host, StringComparison.OrdinalIgnoreCase)
            || (Host.StartsWith("*.", StringComparison.Ordinal) && host.Length > Host.Length - 1 && host.EndsWith(Host[1..], StringComparison.OrdinalIgnoreCase)));
}
