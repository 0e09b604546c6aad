using System.Collections.Immutable;
using System.Text.Json;
using Ambient.Core;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Google.Protobuf;

namespace Ambient.Ztunnel.Mesh;

/// <summary>
/// Resources in the shape that <c>ambientctl compile -o json</c> writes: <c>{"resources":[{"type","name","value"}]}</c>, type the last part
/// of the type URL, value the protobuf JSON mapping.
/// </summary>
internal sealed class LocalResources
{
    private readonly Dictionary<string, Workload> _workloads = [];
    private readonly Dictionary<string, MeshService> _services = [];
    private readonly Dictionary<string, AuthorizationPolicy> _policies = [];
    private readonly Dictionary<string, PodEnrolment> _enrolments = [];
    private MeshSettings? _settings;

    /// <exception cref="FormatException">Names file, resource and field.</exception>
    internal void Read(string file, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            foreach (JsonElement resource in document.RootElement.GetProperty("resources").EnumerateArray())
            {
                string type = resource.GetProperty("type").GetString() ?? "";
                string value = resource.GetProperty("value").GetRawText();
                try
                {
                    Add(type[(type.LastIndexOf('/') + 1)..], value);
                }
                catch (Exception e) when (e is CodecException or InvalidProtocolBufferException or FormatException)
                {
                    string name = resource.TryGetProperty("name", out JsonElement n) ? n.ToString() : "?";
                    throw new FormatException($"{file}: {type} {name}: {e.Message}", e);
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>What to apply to a mesh that had the other resources.</summary>
    internal MeshUpdate Since(LocalResources before) => new()
    {
        Workloads = Changed(_workloads, before._workloads),
        RemovedWorkloads = Gone(_workloads, before._workloads),
        Services = Changed(_services, before._services),
        RemovedServices = Gone(_services, before._services),
        Policies = Changed(_policies, before._policies),
        RemovedPolicies = Gone(_policies, before._policies),
        Enrolments = Changed(_enrolments, before._enrolments),
        RemovedEnrolments = Gone(_enrolments, before._enrolments),
        Settings = _settings,
    };

    private void Add(string type, string value)
    {
        switch (type)
        {
            case "istio.workload.Address":
                Add(Istio.Workload.Address.Parser.ParseJson(value));
                break;
            case "istio.workload.Workload":
                Add(new Istio.Workload.Address { Workload = Istio.Workload.Workload.Parser.ParseJson(value) });
                break;
            case "istio.workload.Service":
                Add(new Istio.Workload.Address { Service = Istio.Workload.Service.Parser.ParseJson(value) });
                break;
            case "istio.security.Authorization":
                AuthorizationPolicy policy = PolicyCodec.FromProto(Istio.Security.Authorization.Parser.ParseJson(value));
                _policies[policy.Key] = policy;
                break;
            case "ambient.enrolment.v1.PodEnrolment":
                PodEnrolment enrolment = EnrolmentCodec.FromProto(Ambient.Enrolment.V1.PodEnrolment.Parser.ParseJson(value));
                _enrolments[enrolment.PodUid] = enrolment;
                break;
            case "ambient.mesh.v1.MeshSettings":
                _settings = SettingsCodec.FromProto(Ambient.Mesh.V1.MeshSettings.Parser.ParseJson(value));
                break;
            default:
                throw new FormatException($"unknown type '{type}'");
        }
    }

    private void Add(Istio.Workload.Address address)
    {
        if (address.Workload is { } workload)
        {
            Workload read = WorkloadCodec.FromProto(workload);
            _workloads[read.Uid] = read;
        }
        else if (address.Service is { } service)
        {
            MeshService read = ServiceCodec.FromProto(service);
            _services[read.Key] = read;
        }
        else
        {
            throw new FormatException("neither workload nor service is set");
        }
    }

    private static ImmutableArray<T> Changed<T>(Dictionary<string, T> now, Dictionary<string, T> before) =>
        [.. now.Where(p => !before.TryGetValue(p.Key, out T? old) || !Same(old, p.Value)).Select(p => p.Value)];

    private static ImmutableArray<string> Gone<T>(Dictionary<string, T> now, Dictionary<string, T> before) =>
        [.. before.Keys.Where(k => !now.ContainsKey(k))];

    // Records with arrays are not equal by value; a resource said again counts as changed, which does no harm.
    private static bool Same<T>(T a, T b) => EqualityComparer<T>.Default.Equals(a, b);
}
