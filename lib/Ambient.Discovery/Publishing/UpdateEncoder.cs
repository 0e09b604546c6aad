using System.Collections.Immutable;
using Ambient.Core;
using Ambient.Core.Mesh;
using Ambient.Core.Services;
using Ambient.Core.Workloads;
using Ambient.Discovery.Codec;
using Ambient.Discovery.Codec.Resources;
using Ambient.Discovery.Subscribing;

namespace Ambient.Discovery.Publishing;

/// <summary>Turns an update of the mesh into resources of the stream. Pure: no lock is held meanwhile.</summary>
internal static class UpdateEncoder
{
    /// <exception cref="ArgumentException">A new enrolment whose node is not given.</exception>
    public static IEnumerable<(string TypeUrl, PublishedResource Resource)> Encode(
        MeshUpdate update, IReadOnlyDictionary<string, string>? enrolmentNodes, List<Rejection> tooLarge)
    {
        foreach (Workload workload in update.Workloads)
        {
            var address = new Istio.Workload.Address { Workload = WorkloadCodec.ToProto(workload) };
            ImmutableArray<string> owners = [.. workload.Services.Keys];
            yield return (TypeUrls.Address, PublishedResource.Encode(TypeUrls.Address, workload.Uid, address, AliasesOf(workload), owners, null));
        }

        foreach (MeshService service in update.Services)
        {
            var address = new Istio.Workload.Address { Service = ServiceCodec.ToProto(service) };
            yield return (TypeUrls.Address, PublishedResource.Encode(TypeUrls.Address, service.Key, address, AliasesOf(service), [], null));
        }

        foreach (var policy in update.Policies)
        {
            yield return (
                TypeUrls.Authorization,
                PublishedResource.Encode(TypeUrls.Authorization, policy.Key, PolicyCodec.ToProto(policy), [], [], null));
        }

        foreach (PodEnrolment enrolment in update.Enrolments)
        {
            if (enrolmentNodes is null || !enrolmentNodes.TryGetValue(enrolment.PodUid, out string? node))
            {
                throw new ArgumentException($"the node of pod {enrolment.Namespace}/{enrolment.Name} is not given", nameof(enrolmentNodes));
            }

            yield return (
                TypeUrls.Enrolment,
                PublishedResource.Encode(TypeUrls.Enrolment, enrolment.PodUid, EnrolmentCodec.ToProto(enrolment), [], [], node));
        }

        foreach (ProxyResource resource in update.Resources)
        {
            if (ProtoOf(resource, tooLarge) is { } proto)
            {
                string type = TypeUrls.Of(resource.Type);
                yield return (
                    type,
                    PublishedResource.Encode(type, resource.ResourceName.ToString(), proto, [], [], null, resource.OnlyFor));
            }
        }

        if (update.Settings is { } settings)
        {
            yield return (
                TypeUrls.Settings,
                PublishedResource.Encode(TypeUrls.Settings, TypeUrls.SettingsName, SettingsCodec.ToProto(settings), [], [], null));
        }
    }

    private static Wire.V1.ProxyResource? ProtoOf(ProxyResource resource, List<Rejection> tooLarge)
    {
        try
        {
            return ResourceCodec.ToProto(resource);
        }
        catch (CodecException e)
        {
            tooLarge.Add(new Rejection(resource.ResourceName.ToString(), e.Message));
            return null;
        }
    }

    public static IEnumerable<(string TypeUrl, string Name)> Removed(MeshUpdate update) =>
    [
        .. update.RemovedWorkloads.Select(name => (TypeUrls.Address, name)),
        .. update.RemovedServices.Select(name => (TypeUrls.Address, name)),
        .. update.RemovedPolicies.Select(name => (TypeUrls.Authorization, name)),
        .. update.RemovedEnrolments.Select(name => (TypeUrls.Enrolment, name)),
        .. update.RemovedResources.Select(name => (TypeUrls.Of(name.Type), name.ToString())),
    ];

    // Pods in the host's network share their address, so it names none of them.
    private static ImmutableArray<string> AliasesOf(Workload workload) => workload.NetworkMode == NetworkMode.HostNetwork
        ? []
        : [.. workload.Addresses.Select(address => $"{workload.Network}/{address}")];

    private static ImmutableArray<string> AliasesOf(MeshService service) =>
        [.. service.Addresses.Select(a => a.PrefixLength is { } length ? $"{a.Network}/{a.Address}/{length}" : $"{a.Network}/{a.Address}")];
}
