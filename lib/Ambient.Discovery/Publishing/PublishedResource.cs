using System.Collections.Immutable;
using System.Security.Cryptography;
using Ambient.Core;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Discovery.Publishing;

/// <summary>
/// A resource as it goes over the wire, encoded once for all receivers. Its version is a hash of its content, so that every replica and every
/// later operator process gives the same one, and a reconnecting proxy gets only what differs.
/// </summary>
/// <param name="Name">Resource name.</param>
/// <param name="Aliases">Further names by which it can be asked for: <c>network/ip</c>.</param>
/// <param name="Owners">Services that a workload serves: who asks for one of those gets the workload too.</param>
/// <param name="Version">16 hexadecimal digits.</param>
/// <param name="Wire">An envoy.service.discovery.v3.Resource.</param>
/// <param name="Node">Only proxies of this node get it; null: all do.</param>
/// <param name="OnlyFor">Only proxies that run as this service account (namespace and name) get it; null: all do.</param>
internal sealed record PublishedResource(
    string Name, ImmutableArray<string> Aliases, ImmutableArray<string> Owners, string Version, ReadOnlyMemory<byte> Wire, string? Node, NamespacedName? OnlyFor)
{
    public static PublishedResource Encode(
        string typeUrl, string name, IMessage value, ImmutableArray<string> aliases, ImmutableArray<string> owners, string? node, NamespacedName? onlyFor = null)
    {
        byte[] content = value.ToByteArray();
        string version = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
        var resource = new Resource
        {
            Name = name,
            Version = version,
            Aliases = { aliases },
            Resource_ = new Any { TypeUrl = typeUrl, Value = UnsafeByteOperations.UnsafeWrap(content) },
        };
        return new PublishedResource(name, aliases, owners, version, resource.ToByteArray(), node, onlyFor);
    }

    public bool SameAs(PublishedResource other) => Version == other.Version && Node == other.Node && OnlyFor == other.OnlyFor;
}
