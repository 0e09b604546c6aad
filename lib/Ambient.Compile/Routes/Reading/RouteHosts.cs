namespace Ambient.Compile.Routes.Reading;

/// <summary>Host names as routes write them.</summary>
internal static class RouteHosts
{
    /// <summary>
    /// A name without a dot is a Service of <paramref name="namespace"/>; <c>name.ns.svc</c> gets its domain; everything else is a full name already.
    /// Lower case.
    /// </summary>
    public static string Full(string host, string @namespace, string clusterDomain)
    {
        string name = host.TrimEnd('.').ToLowerInvariant();
        return name is "*" || name.Length == 0 ? name
            : !name.Contains('.', StringComparison.Ordinal) ? $"{name}.{@namespace}.svc.{clusterDomain}"
            : name.EndsWith(".svc", StringComparison.Ordinal) && name.Count(static c => c == '.') == 2 ? $"{name}.{clusterDomain}"
            : name;
    }

    /// <summary>Namespace and name of the Service that a full name is the name of; null for any other host.</summary>
    public static (string Namespace, string Name)? Parts(string host, string clusterDomain)
    {
        string suffix = $".svc.{clusterDomain}";
        return host.EndsWith(suffix, StringComparison.Ordinal) && host[..^suffix.Length].Split('.') is [var name, var ns] ? (ns, name) : null;
    }

    public static bool IsWildcard(string host) => host.StartsWith('*');

    /// <summary><c>*</c> is for everything, <c>*.example.com</c> for what is below it.</summary>
    public static bool Covers(string pattern, string host) =>
        string.Equals(pattern, host, StringComparison.Ordinal)
        || (IsWildcard(pattern) && (pattern.Length == 1 || (host.Length >= pattern.Length && host.EndsWith(pattern[1..], StringComparison.Ordinal))));

    /// <summary>The more specific comes first: a full name, then the longer wildcard.</summary>
    public static int BySpecificity(string a, string b)
    {
        int byKind = IsWildcard(a).CompareTo(IsWildcard(b));
        return byKind != 0 ? byKind : b.Length.CompareTo(a.Length);
    }

    public static bool IsValid(string host) =>
        host == "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
}
