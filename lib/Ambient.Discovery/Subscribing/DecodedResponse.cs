using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Policies;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace Ambient.Discovery.Subscribing;

/// <summary>
/// A response taken apart: the good resources as an update, the bad ones as rejections. One bad resource never costs the others.
/// </summary>
internal sealed class DecodedResponse
{
    private readonly RetainedResources _retained;
    private readonly bool _keepLabels;
    private readonly List<Workload> _workloads = [];
    private readonly List<MeshService> _services = [];
    private readonly List<AuthorizationPolicy> _policies = [];
    private readonly List<PodEnrolment> _enrolments = [];
    private readonly List<ProxyResource> _resources = [];
    private readonly List<string> _removedWorkloads = [];
    private readonly List<string> _removedServices = [];
    private MeshSettings? _settings;

    private DecodedResponse(RetainedResources retained, bool keepLabels)
    {
        _retained = retained;
        _keepLabels = keepLabels;
    }

    public MeshUpdate Update { get; private set; } = MeshUpdate.Empty;

    public List<Rejection> Rejections { get; } = [];

    /// <summary>Names of refused policies and resources for which a stand-in is part of the update.</summary>
    public HashSet<string> StandIns { get; } = new(StringComparer.Ordinal);

    /// <summary>Name and version of what is in the update.</summary>
    public List<(string Name, string Version, bool IsService)> Accepted { get; } = [];

    public static DecodedResponse Of(DeltaDiscoveryResponse response, RetainedResources retained, bool keepLabels)
    {
        var decoded = new DecodedResponse(retained, keepLabels);
        foreach (Resource resource in response.Resources)
        {
            decoded.Add(response.TypeUrl, resource);
        }

        decoded.Finish(response);
        return decoded;
    }

    private void Add(string typeUrl, Resource resource)
    {
        try
        {
            if (resource.Resource_ is null || resource.Resource_.TypeUrl != typeUrl)
            {
                throw new CodecException("resource", $"is not a {typeUrl}");
            }

            bool isService = Read(typeUrl, resource);
            Accepted.Add((resource.Name, resource.Version, isService));
        }
        catch (Exception cause) when (cause is CodecException or InvalidProtocolBufferException)
        {
            Rejections.Add(new Rejection(resource.Name, cause.Message));
        }
    }

    private bool Read(string typeUrl, Resource resource)
    {
        ByteString value = resource.Resource_.Value;
        switch (typeUrl)
        {
            case TypeUrls.Address:
                return ReadAddress(Istio.Workload.Address.Parser.ParseFrom(value), resource.Name);
            case TypeUrls.Authorization:
                ReadPolicy(Istio.Security.Authorization.Parser.ParseFrom(value), resource.Name);
                return false;
            case TypeUrls.Enrolment:
                PodEnrolment enrolment = EnrolmentCodec.FromProto(Enrolment.V1.PodEnrolment.Parser.ParseFrom(value));
                RequireName(resource.Name, enrolment.PodUid);
                _enrolments.Add(enrolment);
                return false;
            case TypeUrls.Settings:
                RequireName(resource.Name, TypeUrls.SettingsName);
                _settings = SettingsCodec.FromProto(Mesh.V1.MeshSettings.Parser.ParseFrom(value));
                return false;
            case TypeUrls.Resource or TypeUrls.Visibility:
                ReadResource(Wire.V1.ProxyResource.Parser.ParseFrom(value), resource.Name, typeUrl);
                return false;
            default:
                throw new CodecException("type_url", "is not followed here");
        }
    }

    private bool ReadAddress(Istio.Workload.Address address, string name)
    {
        switch (address.TypeCase)
        {
            case Istio.Workload.Address.TypeOneofCase.Workload:
                Workload workload = WorkloadCodec.FromProto(address.Workload, _keepLabels);
                RequireName(name, workload.Uid);
                _workloads.Add(workload);
                return false;
            case Istio.Workload.Address.TypeOneofCase.Service:
                MeshService service = ServiceCodec.FromProto(address.Service);
                RequireName(name, service.Key);
                _services.Add(service);
                return true;
            default:
                throw new CodecException("type", "is neither workload nor service");
        }
    }

    private void ReadPolicy(Istio.Security.Authorization proto, string name)
    {
        try
        {
            AuthorizationPolicy policy = PolicyCodec.FromProto(proto);
            RequireName(name, policy.Key);
            _policies.Add(policy);
        }
        catch (CodecException)
        {
            // With an earlier version in force nothing is loosened. Without one, leaving the policy out would be.
            if (!_retained.Holds(name) && PolicyCodec.StandIn(proto) is { } standIn && standIn.Key == name)
            {
                _policies.Add(standIn);
                StandIns.Add(name);
            }

            throw;
        }
    }

    private void ReadResource(Wire.V1.ProxyResource proto, string name, string typeUrl)
    {
        try
        {
            if (TypeUrls.Of(proto.Type) != typeUrl)
            {
                throw new CodecException("type", $"{proto.Type} does not come as {typeUrl}");
            }

            ProxyResource resource = ResourceCodec.FromProto(proto);
            RequireName(name, resource.ResourceName.ToString());
            _resources.Add(resource);
        }
        catch (CodecException)
        {
            if (!_retained.Holds(name) && StandIn.Of(proto, name) is { } standIn)
            {
                _resources.Add(standIn);
                StandIns.Add(name);
            }

            throw;
        }
    }

    private static void RequireName(string name, string key)
    {
        if (name != key)
        {
            throw new CodecException("name", $"the resource is named '{name}' but is '{key}'");
        }
    }

    private void Finish(DeltaDiscoveryResponse response)
    {
        foreach (string name in response.RemovedResources)
        {
            Remove(response.TypeUrl, name);
        }

        ImmutableArray<string> removed = [.. response.RemovedResources];
        Update = new MeshUpdate
        {
            Workloads = [.. _workloads],
            RemovedWorkloads = [.. _removedWorkloads],
            Services = [.. _services],
            RemovedServices = [.. _removedServices],
            Policies = [.. _policies],
            RemovedPolicies = response.TypeUrl == TypeUrls.Authorization ? removed : [],
            Enrolments = [.. _enrolments],
            RemovedEnrolments = response.TypeUrl == TypeUrls.Enrolment ? removed : [],
            Resources = [.. _resources],
            RemovedResources = response.TypeUrl is TypeUrls.Resource or TypeUrls.Visibility ? [.. removed.Select(Named).OfType<ResourceName>()] : [],
            Settings = _settings,
        };
    }

    private static ResourceName? Named(string text) => ResourceName.TryParse(text, out ResourceName name) ? name : null;

    // One name space holds workloads and services; what is not known to be one of them is taken out of both.
    private void Remove(string typeUrl, string name)
    {
        bool? wasService = _retained.Remove(name);
        if (typeUrl != TypeUrls.Address)
        {
            return;
        }

        if (wasService != true)
        {
            _removedWorkloads.Add(name);
        }

        if (wasService != false)
        {
            _removedServices.Add(name);
        }
    }
}
