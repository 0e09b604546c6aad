namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>Headers that callers do not get to write.</summary>
internal static class GuardedHeaders
{
    /// <summary>
    /// Our own everywhere. From outside also Envoy's controls, which would let a stranger set time-outs and retries, and names with an underscore,
    /// which many servers take for the same name with a hyphen; inside the mesh those only where the name with hyphens is a guarded one.
    /// </summary>
    public static bool MustGo(string name, bool isGateway)
    {
        if (name.Contains('_', StringComparison.Ordinal))
        {
            return isGateway || IsIdentity(name.Replace('_', '-'));
        }

        // The first letter tells for nearly all.
        return name[0] is 'a' or 'A' or 'x' or 'X'
            && (StartsWith(name, "ambient-") || Is(name, "x-content-length") || (isGateway && StartsWith(name, "x-envoy-")));
    }

    private static bool IsIdentity(string name) =>
        StartsWith(name, "ambient-") || StartsWith(name, "x-forwarded-") || StartsWith(name, "x-envoy-") || Is(name, "x-request-id");

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool StartsWith(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
