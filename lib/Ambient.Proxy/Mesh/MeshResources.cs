using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Google.Protobuf;

namespace Ambient.Proxy.Mesh;

/// <summary>Resources by key, from wherever they were read; says what to apply to a mesh that had others.</summary>
internal sealed class MeshResources
{
    private readonly Dictionary<string, Workload> _workloads = [];
    private readonly Dictionary<string, MeshService> _services = [];
    private readonly Dictionary<string, AuthorizationPolicy> _policies = [];
    private readonly Dictionary<string, PodEnrolment> _enrolments = [];
    private readonly Dictionary<ResourceName, ProxyResource> _resources = [];
    private MeshSettings? _settings;

    /// <exception cref="CodecException">Names the field.</exception>
    /// <exception cref="FormatException">An address that is neither workload nor service, or a message of another kind.</exception>
    internal void Add(IMessage message)
    {
        switch (message)
        {
            case Istio.Workload.Address { Workload: { } workload }:
                Workload readWorkload = WorkloadCodec.FromProto(workload);
                _workloads[readWorkload.Uid] = readWorkload;
                break;
            case Istio.Workload.Address { Service: { } service }:
                MeshService readService = ServiceCodec.FromProto(service);
                _services[readService.Key] = readService;
                break;
            case Istio.Workload.Address:
                throw new FormatException("neither workload nor service is set");
            case Istio.Security.Authorization authorization:
                AuthorizationPolicy policy = PolicyCodec.FromProto(authorization);
                _policies[policy.Key] = policy;
                break;
            case Ambient.Enrolment.V1.PodEnrolment pod:
                PodEnrolment enrolment = EnrolmentCodec.FromProto(pod);
                _enrolments[enrolment.PodUid] = enrolment;
                break;
            case Ambient.Wire.V1.ProxyResource own:
                ProxyResource resource = ResourceCodec.FromProto(own);
                _resources[resource.ResourceName] = resource;
                break;
            case Ambient.Mesh.V1.MeshSettings settings:
                _settings = SettingsCodec.FromProto(settings);
                break;
            default:
                throw new FormatException($"{message.Descriptor.FullName} is no resource of the mesh");
        }
    }

    /// <summary>What to apply to a mesh that had the other resources.</summary>
    internal MeshUpdate Since(MeshResources before) => new()
    {
        Workloads = Changed(_workloads, before._workloads),
        RemovedWorkloads = Gone(_workloads, before._workloads),
        Services = Changed(_services, before._services),
        RemovedServices = Gone(_services, before._services),
        Policies = Changed(_policies, before._policies),
        RemovedPolicies = Gone(_policies, before._policies),
        Enrolments = Changed(_enrolments, before._enrolments),
        RemovedEnrolments = Gone(_enrolments, before._enrolments),
        Resources = Changed(_resources, before._resources),
        RemovedResources = Gone(_resources, before._resources),
        Settings = _settings,
    };

    private static ImmutableArray<T> Changed<TKey, T>(Dictionary<TKey, T> now, Dictionary<TKey, T> before) where TKey : notnull =>
        [.. now.Where(p => !before.TryGetValue(p.Key, out T? old) || !Same(old, p.Value)).Select(p => p.Value)];

    private static ImmutableArray<TKey> Gone<TKey, T>(Dictionary<TKey, T> now, Dictionary<TKey, T> before) where TKey : notnull =>
        [.. before.Keys.Where(k => !now.ContainsKey(k))];

    // Records with arrays are not equal by value; a resource said again counts as changed, which does no harm.
    private static bool Same<T>(T a, T b) => EqualityComparer<T>.Default.Equals(a, b);
}
