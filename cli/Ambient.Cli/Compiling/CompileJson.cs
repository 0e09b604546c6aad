using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Ambient.Compile;
using Ambient.Compile.Reports;
using Ambient.Core.Mesh;
using Ambient.Discovery;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Ambient.Resources.Manifests;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Ambient.Cli.Compiling;

/// <summary>
/// A compilation for programs: <c>{"resources":[{"type","name","value"}],"status":[…],"findings":[…]}</c>. Resources are what the
/// proxies would get: type is the last part of the type URL, name the resource's name on the stream, value the protobuf JSON mapping; what only
/// waypoints and gateways get (<c>RouteTable</c>, <c>BackendPolicy</c>, <c>RequestPolicy</c>, …) has its own type, key and JSON.
/// </summary>
internal static class CompileJson
{
    // Policies carry the resource that they come from in an Any of our own.
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(
        TypeRegistry.FromMessages(Ambient.Policy.V1.PolicyOrigin.Descriptor, Ambient.Wire.V1.WorkloadLabels.Descriptor, Ambient.Wire.V1.WorkloadEgress.Descriptor)));

    public static JsonObject Of(CompileResult result, ImmutableArray<ManifestError> unreadable) => new()
    {
        ["resources"] = new JsonArray([.. Resources(result)]),
        ["status"] = new JsonArray([.. result.Status.Select(Of)]),
        ["findings"] = new JsonArray([.. unreadable.Select(Of), .. result.Findings.Select(Of)]),
    };

    private static IEnumerable<JsonNode> Resources(CompileResult result) =>
    [
        .. result.Workloads.Select(w => Resource(TypeUrls.Address, w.Uid, new Istio.Workload.Address { Workload = WorkloadCodec.ToProto(w) })),
        .. result.Services.Select(s => Resource(TypeUrls.Address, s.Key, new Istio.Workload.Address { Service = ServiceCodec.ToProto(s) })),
        .. result.Policies.Select(p => Resource(TypeUrls.Authorization, p.Key, PolicyCodec.ToProto(p))),
        .. result.Enrolments.Select(e => Resource(TypeUrls.Enrolment, e.Enrolment.PodUid, EnrolmentCodec.ToProto(e.Enrolment))),
        Resource(TypeUrls.Settings, TypeUrls.SettingsName, SettingsCodec.ToProto(result.Settings)),
        .. result.Resources.Select(Of),
    ];

    /// <summary>What waypoints and gateways get, as it travels; a private key is not shown.</summary>
    private static JsonObject Of(ProxyResource resource)
    {
        JsonNode value = JsonNode.Parse(ResourceCodec.ToProto(resource).Content.Span)!;
        if (value is JsonObject secret && secret.ContainsKey("privateKey"))
        {
            secret["privateKey"] = "(not shown)";
        }

        return new JsonObject { ["type"] = resource.Type, ["name"] = resource.Key, ["value"] = value };
    }

    private static JsonObject Resource(string typeUrl, string name, IMessage value) => new JsonObject
    {
        ["type"] = typeUrl[(typeUrl.LastIndexOf('/') + 1)..],
        ["name"] = name,
        ["value"] = JsonNode.Parse(Formatter.Format(value)),
    };

    private static JsonNode Of(StatusReport report)
    {
        JsonObject json = new()
        {
            ["apiVersion"] = report.ApiVersion,
            ["kind"] = report.Kind,
            ["namespace"] = report.Namespace,
            ["name"] = report.Name,
            ["conditions"] = StatusJson.Of(report.Conditions, report.Generation),
            ["parents"] = new JsonArray([.. report.Parents.Select(p => StatusJson.Of(p, report.Generation))]),
            ["listeners"] = new JsonArray([.. report.Listeners.Select(l => StatusJson.Of(l, report.Generation))]),
            ["addresses"] = new JsonArray([.. (report.Addresses ?? []).Select(a => new JsonObject { ["type"] = a.Type, ["value"] = a.Value })]),
        };
        if (!report.Ancestors.IsEmpty)
        {
            json["ancestors"] = new JsonArray([.. report.Ancestors.Select(a => StatusJson.OfAncestor(a, report.Generation))]);
        }

        if (report.AttachedListenerSets is { } sets)
        {
            json["attachedListenerSets"] = sets;
        }

        if (report.SupportedFeatures is { } features)
        {
            json["supportedFeatures"] = new JsonArray([.. features.Select(static f => new JsonObject { ["name"] = f })]);
        }

        return json;
    }

    private static JsonNode Of(Finding finding) => new JsonObject
    {
        ["code"] = finding.Code,
        ["level"] = finding.Level.ToString().ToLowerInvariant(),
        ["kind"] = finding.Kind,
        ["namespace"] = finding.Namespace,
        ["name"] = finding.Name,
        ["field"] = finding.Field,
        ["message"] = finding.Message,
    };

    private static JsonNode Of(ManifestError error) => new JsonObject
    {
        ["code"] = FindingCodes.InvalidObject,
        ["level"] = "error",
        ["kind"] = "",
        ["namespace"] = "",
        ["name"] = $"{error.File}:{error.Line}",
        ["field"] = error.Field,
        ["message"] = error.ToString(),
    };
}
