using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Compile.Sources;
using Ambient.Resources.Istio.Security;
using Ambient.Resources.Schemas;

namespace Ambient.Compile.PeerAuthentication;

/// <summary>Reads a PeerAuthentication or refuses it as a whole: then the last good version stays, or STRICT where there was none.</summary>
internal static class PeerReader
{
    public static PeerSource Read(JsonObject manifest, SourceMeta meta, PeerSource? old)
    {
        var spec = manifest["spec"];
        var problems = SecurityChecks.Schema<PeerAuthenticationSpec>(spec, meta);
        if (problems.Count == 0)
        {
            var read = ResourceReader.Read<PeerAuthenticationSpec>(spec);
            problems.AddRange(SecurityChecks.Selector(read.Selector, meta));
            var ports = Ports(read, meta, problems);
            if (problems.Count == 0)
            {
                var selector = read.Selector?.MatchLabels is { Count: > 0 } labels ? labels : null;
                return new PeerSource(meta, selector, Mode(read.Mtls), ports, null);
            }
        }

        bool keeps = old is not null && (old.Refusal is null || old.Refusal.LastGoodInForce);
        var refusal = new Refusal(meta.Generation, [.. problems], "Invalid", keeps);
        return keeps
            ? old! with { Refusal = refusal }
            : new PeerSource(meta, SecurityChecks.ReadableSelector(spec), MtlsMode.Strict, [], refusal);
    }

    private static ImmutableArray<KeyValuePair<ushort, MtlsMode>> Ports(PeerAuthenticationSpec spec, SourceMeta meta, List<Finding> problems)
    {
        var ports = new SortedDictionary<ushort, MtlsMode>();
        if (spec.PortLevelMtls is { Count: > 0 } && spec.Selector?.MatchLabels is not { Count: > 0 })
        {
            problems.Add(SecurityChecks.Error(meta, FindingCodes.InvalidField, "spec.portLevelMtls",
                "needs a selector with labels: ports are those of chosen workloads"));
        }

        foreach (var (text, mtls) in spec.PortLevelMtls ?? new Dictionary<string, MutualTls>())
        {
            if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            {
                problems.Add(SecurityChecks.Error(meta, FindingCodes.InvalidField, $"spec.portLevelMtls.{text}", $"'{text}' is not a port (1 to 65535)"));
            }
            else if (Mode(mtls) is var mode and not MtlsMode.Unset)
            {
                ports[port] = mode;
            }
        }

        return [.. ports];
    }

    private static MtlsMode Mode(MutualTls? mtls) => mtls?.Mode switch
    {
        "STRICT" => MtlsMode.Strict,
        "PERMISSIVE" or "DISABLE" => MtlsMode.Permissive,
        _ => MtlsMode.Unset,
    };
}
