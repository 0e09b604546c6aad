using Ambient.Core;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Subscribing;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;

namespace Ambient.Discovery.Publishing;

/// <summary>
/// The state of the mesh as proxies get it, and the proxies that follow it.
/// <list type="number">
/// <item><see cref="Publish"/> encodes what changed, once, and marks it on every stream that follows it.</item>
/// <item>Each stream's writer takes its marks when the proxy has answered the response before, and sends the newest state.</item>
/// <item>Answers come back as ACK or NACK and are shown by <see cref="Proxies"/>.</item>
/// </list>
/// One lock guards state and subscriptions; nothing is encoded or sent while it is held. Safe for use from several threads.
/// </summary>
public sealed class MeshPublisher
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PublishedType> _types = TypeUrls.All.ToDictionary(url => url, _ => new PublishedType());
    private readonly PublishedType _unknownType = new();
    private readonly HashSet<ProxyStream> _streams = [];
    private long _version;

    public MeshPublisher(TimeProvider time, DiscoveryServerOptions? options = null)
    {
        Time = time;
        Options = options ?? new DiscoveryServerOptions();
    }

    /// <summary>Counts publications that changed something; responses carry it.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>One row for each connected proxy and type.</summary>
    public IReadOnlyList<ProxyStatus> Proxies
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams.SelectMany(stream => stream.Status)];
            }
        }
    }

    internal TimeProvider Time { get; }

    internal DiscoveryServerOptions Options { get; }

    /// <summary>Applies a change and sends it to whom it concerns. Resources that come out byte for byte as before are not sent.</summary>
    /// <param name="delta">New, replaced and removed resources.</param>
    /// <param name="enrolmentNodes">Pod uid to node, for the enrolments in the change.</param>
    /// <returns>Resources that cannot be sent, being too large; what was sent before under their names stays.</returns>
    /// <exception cref="ArgumentException">An enrolment's node is not given; nothing was applied.</exception>
    public IReadOnlyList<Rejection> Publish(MeshUpdate delta, IReadOnlyDictionary<string, string>? enrolmentNodes = null)
    {
        var tooLarge = new List<Rejection>();
        Put(UpdateEncoder.Encode(delta, enrolmentNodes, tooLarge).ToList(), UpdateEncoder.Removed(delta));
        return tooLarge;
    }

    /// <summary>One resource in any content, as another version of this program could send it.</summary>
    internal void PublishRaw(string typeUrl, string name, IMessage content, NamespacedName? onlyFor = null) =>
        Put([(typeUrl, PublishedResource.Encode(typeUrl, name, content, [], [], null, onlyFor))], []);

    private void Put(List<(string TypeUrl, PublishedResource Resource)> encoded, IEnumerable<(string TypeUrl, string Name)> removed)
    {
        lock (_gate)
        {
            var changes = new List<ResourceChange>(encoded.Count);
            foreach ((string typeUrl, string name) in removed)
            {
                if (_types[typeUrl].Remove(name) is { } before)
                {
                    changes.Add(new ResourceChange(typeUrl, name, before, null));
                }
            }

            foreach ((string typeUrl, PublishedResource after) in encoded)
            {
                PublishedResource? before = _types[typeUrl].Put(after);
                if (before is null || !after.SameAs(before))
                {
                    changes.Add(new ResourceChange(typeUrl, after.Name, before, after));
                }
            }

            if (changes.Count > 0)
            {
                _version++;
                Spread(changes);
            }
        }
    }

    internal ProxyStream Connect(Caller caller)
    {
        lock (_gate)
        {
            if (_streams.Count >= Options.MaxStreams)
            {
                throw new GrpcException(GrpcStatus.ResourceExhausted, $"more than {Options.MaxStreams} streams");
            }

            var stream = new ProxyStream(caller, Time.GetUtcNow());
            _streams.Add(stream);
            return stream;
        }
    }

    internal void Disconnect(ProxyStream stream)
    {
        lock (_gate)
        {
            _streams.Remove(stream);
        }
    }

    /// <returns>What the proxy refused, if it did.</returns>
    internal string? Take(ProxyStream stream, DeltaDiscoveryRequest request)
    {
        string? nack;
        lock (_gate)
        {
            nack = stream.Take(request, _types.GetValueOrDefault(request.TypeUrl, _unknownType), Options);
        }

        stream.Wake();
        return nack;
    }

    /// <returns>The next response for this stream; null when there is nothing to send or an answer is awaited.</returns>
    internal PendingResponse? Next(ProxyStream stream)
    {
        lock (_gate)
        {
            if (stream.NextReady() is not { } subscription)
            {
                return null;
            }

            PendingResponse response = Gather(subscription, stream.NextNonce());
            subscription.OwesFirst = false;
            subscription.PendingNonce = response.Nonce;
            subscription.SentVersion = response.Version;
            return response;
        }
    }

    // Under the lock. What does not fit stays marked for the response after.
    private PendingResponse Gather(Subscription subscription, string nonce)
    {
        PublishedType type = _types.GetValueOrDefault(subscription.TypeUrl, _unknownType);
        var resources = new List<ReadOnlyMemory<byte>>();
        var removed = new List<string>();
        var taken = new List<string>(subscription.Dirty.Count);
        long bytes = 0;
        foreach (string name in subscription.Dirty)
        {
            PublishedResource? resource = type.Find(name) is { } found && subscription.MaySee(found) ? found : null;
            bytes += resource is null ? name.Length + 6 : PendingResponse.SizeOf(resource.Wire);
            if (bytes > Options.MaxResponseBytes && taken.Count > 0)
            {
                break;
            }

            taken.Add(name);
            if (resource is null)
            {
                removed.Add(name);
            }
            else
            {
                resources.Add(resource.Wire);
            }
        }

        subscription.Dirty.ExceptWith(taken);
        string version = _version.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new PendingResponse(subscription.TypeUrl, version, nonce, resources, removed);
    }

    // Under the lock.
    private void Spread(List<ResourceChange> changes)
    {
        foreach (ProxyStream stream in _streams)
        {
            bool concerned = false;
            foreach (ResourceChange change in changes)
            {
                concerned |= stream.Find(change.TypeUrl)?.Notice(change, _types[change.TypeUrl]) == true;
            }

            if (concerned)
            {
                stream.Wake();
            }
        }
    }
}
