using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Nodes;
using Ambient.Compile.Reports;
using Ambient.Resources.Istio.Networking;

namespace Ambient.Compile.Sources;

/// <summary>A WorkloadEntry; the spec is null when there never was a good version. Selectors see the labels of its spec.</summary>
internal sealed record WorkloadEntrySource(SourceMeta Meta, WorkloadEntrySpec? Spec, bool Healthy, Refusal? Refusal, ImmutableArray<Finding> Notes)
{
    private static readonly Dictionary<string, string> NoLabels = [];

    public IReadOnlyDictionary<string, string> Labels => Spec?.Labels ?? NoLabels;

    /// <summary>Null for a DNS name.</summary>
    public IPAddress? Address => IpText.TryAddress(Spec?.Address ?? "", out var address) ? address : null;

    public static WorkloadEntrySource Read(JsonObject manifest, SourceMeta meta, WorkloadEntrySource? old)
    {
        var (spec, refusal, notes) = ResourceChecks.Read<WorkloadEntrySpec>(manifest["spec"], meta, old?.Spec is not null, s => Check(s, meta, "spec"));
        bool healthy = !new JsonView(manifest, "")["status"].List("conditions").Any(static c => c.Text("type") == "Healthy" && c.Text("status") == "False");
        return new WorkloadEntrySource(meta, spec ?? old?.Spec, healthy, refusal, notes);
    }

    /// <summary>Also for the endpoints of a ServiceEntry.</summary>
    public static IEnumerable<Finding> Check(WorkloadEntrySpec spec, SourceMeta meta, string path)
    {
        if (!IpText.TryAddress(spec.Address ?? "", out _) && Uri.CheckHostName(spec.Address ?? "") != UriHostNameType.Dns)
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.address", $"'{spec.Address}' is neither an IP address nor a DNS name");
        }

        foreach (var (name, port) in spec.Ports ?? new Dictionary<string, int>())
        {
            if (port is < 1 or > 65535)
            {
                yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.ports.{name}", $"{port} is not a port (1 to 65535)");
            }
        }

        if (!ServiceAccountName.IsValid(spec.ServiceAccount))
        {
            yield return SecurityChecks.Error(meta, FindingCodes.InvalidField, $"{path}.serviceAccount", $"'{spec.ServiceAccount}' is not the name of a service account");
        }
    }
}
