using Envoy.Service.Discovery.V3;

namespace Ambient.Discovery.Subscribing;

/// <summary>What has come of each type, over all streams of a client. Used by the client's one task.</summary>
internal sealed class FollowedState(DiscoveryClientOptions options, IMeshUpdateSink sink)
{
    private readonly Dictionary<string, RetainedResources> _retained = options.Types.ToDictionary(type => type, _ => new RetainedResources());
    private readonly HashSet<string> _synced = new(StringComparer.Ordinal);

    public RetainedResources Retained(string type) => _retained[type];

    /// <returns>What was refused, by us or by the sink.</returns>
    public IReadOnlyList<Rejection> Apply(DeltaDiscoveryResponse response)
    {
        if (!_retained.TryGetValue(response.TypeUrl, out RetainedResources? retained))
        {
            return [new Rejection(response.TypeUrl, "this type was not asked for")];
        }

        DecodedResponse decoded = DecodedResponse.Of(response, retained, options.KeepLabels);
        IReadOnlyList<Rejection> refused = decoded.Update.IsEmpty ? [] : sink.Apply(decoded.Update);
        var refusedNames = refused.Select(rejection => rejection.Name).ToHashSet(StringComparer.Ordinal);
        foreach ((string name, string version, bool isService) in decoded.Accepted)
        {
            if (!refusedNames.Contains(name))
            {
                retained.Applied(name, version, isService);
            }
        }

        foreach (Rejection rejection in decoded.Rejections.Concat(refused))
        {
            retained.Rejected(rejection.Name, decoded.StandIns.Contains(rejection.Name));
        }

        if (_synced.Add(response.TypeUrl))
        {
            sink.Synced(response.TypeUrl);
        }

        return [.. decoded.Rejections, .. refused];
    }
}
