using System.Collections.Immutable;
using System.Net;

namespace Ambient.Ztunnel.Enrolment;

/// <summary>One JSON line of the CNI plugin.</summary>
internal sealed record CniRequest
{
    public string Command { get; init; } = "";

    public string PodUid { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string Netns { get; init; } = "";

    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>Null when the request makes sense; else what does not.</summary>
    internal string? Problem() => this switch
    {
        { Command: not ("ADD" or "DEL" or "CHECK") } => $"command '{Command}' is not ADD, DEL or CHECK",
        _ when !PodUids.IsValid(PodUid) => "podUid is not a pod uid",
        { Command: "ADD", Netns: not ['/', ..] } => "netns is not an absolute path",
        { Command: "ADD", Namespace: "" } => "namespace is missing",
        { Command: "ADD", Name: "" } => "name is missing",
        _ when Addresses.IsDefault => "addresses is null",
        _ when Addresses.Length > 16 || Addresses.Any(a => !IPAddress.TryParse(a, out _)) => "addresses holds something that is no IP address",
        _ => null,
    };

    internal PodRecord ToRecord() => new()
    {
        Uid = PodUid,
        Namespace = Namespace,
        Name = Name,
        Netns = Netns,
        Addresses = Addresses,
    };
}
