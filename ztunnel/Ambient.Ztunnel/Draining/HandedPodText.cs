using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ambient.Ztunnel.Draining;

/// <summary>What the descriptors of a message are: first the netns, then a socket for each name.</summary>
internal sealed record HandedPodText
{
    public required string Uid { get; init; }

    public required string NetnsPath { get; init; }

    public required ImmutableArray<string> Sockets { get; init; }
}

[JsonSerializable(typeof(HandedPodText))]
internal sealed partial class HandoverJson : JsonSerializerContext;
