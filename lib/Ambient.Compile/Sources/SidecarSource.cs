using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Core.Egress;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Sources;

/// <summary>A Sidecar; the spec is null when there never was a good version.</summary>
internal sealed record SidecarSource(SourceMeta Meta, SidecarSpec? Spec, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    /// <summary>Null: the whole namespace.</summary>
    public IReadOnlyDictionary<string, string>? Selector => Spec?.WorkloadSelector?.Labels is { Count: > 0 } labels ? labels : null;

    public static SidecarSource Read(JsonObject manifest, SourceMeta meta, SidecarSource? old)
    {
        var (spec, refusal, notes) = ResourceChecks.Read<SidecarSpec>(manifest["spec"], meta, old?.Spec is not null, s => Check(s, meta));
        return new SidecarSource(meta, spec ?? old?.Spec, refusal, notes);
    }

    /// <summary><c>~/*</c> is nothing.</summary>
    public static bool TryHost(string text, string ownNamespace, out EgressHost? host)
    {
        host = null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == text.Length - 1)
        {
            return false;
        }

        (string ns, string name) = (text[..slash], text[(slash + 1)..].ToLowerInvariant());
        string plain = name == "*" ? "any" : name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name;
        if (Uri.CheckHostName(plain) != UriHostNameType.Dns || (ns is not ("." or "*" or "~") && Uri.CheckHostName(ns) != UriHostNameType.Dns))
        {
            return false;
        }

        host = ns == "~" ? null : new EgressHost(ns == "." ? ownNamespace : ns, name);
        return true;
    }

    private static IEnumerable<Finding> Check(SidecarSpec spec, SourceMeta meta)
    {
        for (int i = 0; i < (spec.Egress?.Count ?? 0); i++)
        {
            for (int j = 0; j < spec.Egress![i].Hosts!.Count; j++)
            {
                if (!TryHost(spec.Egress[i].Hosts![j], meta.Namespace, out _))
                {
                    yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"spec.egress[{i}].hosts[{j}]",
                        $"'{spec.Egress[i].Hosts![j]}' is not NAMESPACE/HOST, such as ./*, */*.example.com or ~/*");
                }
            }
        }
    }
}
