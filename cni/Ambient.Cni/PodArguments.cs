namespace Ambient.Cni;

/// <summary>The pod, from <c>CNI_ARGS</c> (<c>K8S_POD_NAMESPACE=…;K8S_POD_NAME=…;K8S_POD_UID=…</c>).</summary>
internal sealed record PodArguments(string Namespace, string Name, string Uid)
{
    /// <summary>System pods start even when no ztunnel answers.</summary>
    internal bool MayPass => Namespace is "ambient-system" or "kube-system";

    /// <returns>Null when the arguments name no pod.</returns>
    internal static PodArguments? Parse(Func<string, string?> variable)
    {
        Dictionary<string, string> arguments = [];
        foreach (string pair in (variable("CNI_ARGS") ?? "").Split(';'))
        {
            if (pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                arguments[pair[..at]] = pair[(at + 1)..];
            }
        }

        return arguments.TryGetValue("K8S_POD_NAMESPACE", out string? ns) && arguments.TryGetValue("K8S_POD_NAME", out string? name)
            && arguments.TryGetValue("K8S_POD_UID", out string? uid)
            ? new PodArguments(ns, name, uid)
            : null;
    }
}
