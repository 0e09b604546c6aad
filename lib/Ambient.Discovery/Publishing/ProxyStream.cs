using System.Globalization;
using System.Threading.Channels;
using Envoy.Service.Discovery.V3;

namespace Ambient.Discovery.Publishing;

/// <summary>One proxy's stream. All state is guarded by the publisher's lock; <see cref="Wake"/> is for the task that writes.</summary>
internal sealed class ProxyStream(Caller caller, DateTimeOffset connectedAt)
{
    // Policies go out before the workloads that they protect, and before the routes that lead to them.
    private static readonly string[] Order = [TypeUrls.Settings, TypeUrls.Authorization, TypeUrls.Visibility, TypeUrls.Address, TypeUrls.Enrolment, TypeUrls.Resource];
    private const int MaxTypes = 16;
    private const int MaxNackText = 4096;

    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _nonce;

    public Caller Caller { get; } = caller;

    public string NodeId { get; private set; } = "";

    public ChannelReader<bool> Wakes => _wake.Reader;

    public IEnumerable<ProxyStatus> Status => _subscriptions.Values.Select(
        s => new ProxyStatus(NodeId, Caller, s.TypeUrl, s.SentVersion, s.AckedVersion, s.LastNack, connectedAt));

    public Subscription? Find(string typeUrl) => _subscriptions.GetValueOrDefault(typeUrl);

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>The subscription to send for next; null when every one waits.</summary>
    public Subscription? NextReady() =>
        Order.Select(Find).FirstOrDefault(s => s?.Ready == true) ?? _subscriptions.Values.FirstOrDefault(s => s.Ready);

    public string NextNonce() => (++_nonce).ToString(CultureInfo.InvariantCulture);

    /// <summary>Takes in a request: who the proxy is, its answer to a response, and what it wants from now on.</summary>
    /// <returns>What it refused, if it did.</returns>
    /// <exception cref="Grpc.GrpcException">Beyond the bounds.</exception>
    public string? Take(DeltaDiscoveryRequest request, PublishedType type, DiscoveryServerOptions options)
    {
        if (NodeId.Length == 0 && request.Node is { Id.Length: > 0 and <= 1024 } node)
        {
            NodeId = node.Id;
        }

        string? nack = null;
        if (Find(request.TypeUrl) is { } known)
        {
            nack = Answer(known, request);
            Change(known, request, type, options);
        }
        else
        {
            Begin(request, type, options);
        }

        return nack;
    }

    private static string? Answer(Subscription subscription, DeltaDiscoveryRequest request)
    {
        // An answer to an older response, or none at all, changes nothing here.
        if (subscription.PendingNonce is null || request.ResponseNonce != subscription.PendingNonce)
        {
            return null;
        }

        subscription.PendingNonce = null;
        subscription.AckedVersion = subscription.SentVersion;
        string? text = request.ErrorDetail?.Message;
        subscription.LastNack = text is null ? null : text[..Math.Min(text.Length, MaxNackText)];
        return subscription.LastNack;
    }

    private void Begin(DeltaDiscoveryRequest request, PublishedType type, DiscoveryServerOptions options)
    {
        if (_subscriptions.Count >= MaxTypes || request.TypeUrl.Length > 512)
        {
            throw new Grpc.GrpcException(Grpc.GrpcStatus.InvalidArgument, "too many resource types");
        }

        var subscription = new Subscription(request.TypeUrl, Caller);
        _subscriptions.Add(request.TypeUrl, subscription);
        bool all = (request.ResourceNamesSubscribe.Count == 0 || request.ResourceNamesSubscribe.Contains("*"))
            && !request.ResourceNamesUnsubscribe.Contains("*");
        if (all)
        {
            subscription.FollowAll(type, request.InitialResourceVersions);
        }
        else
        {
            foreach (string name in request.InitialResourceVersions.Keys)
            {
                subscription.Follow(name, type, request.InitialResourceVersions);
            }
        }

        subscription.DropStale(type, request.InitialResourceVersions);
        subscription.OwesFirst = true;
        Change(subscription, request, type, options);
    }

    private static void Change(Subscription subscription, DeltaDiscoveryRequest request, PublishedType type, DiscoveryServerOptions options)
    {
        foreach (string name in request.ResourceNamesSubscribe)
        {
            if (name == "*")
            {
                if (!subscription.Wildcard && !request.ResourceNamesUnsubscribe.Contains("*"))
                {
                    subscription.FollowAll(type, request.InitialResourceVersions);
                }
            }
            else if (name.Length is > 0 and <= 4096)
            {
                subscription.Follow(name, type, request.InitialResourceVersions);
            }
        }

        foreach (string name in request.ResourceNamesUnsubscribe)
        {
            subscription.Wildcard &= name != "*";
            subscription.Unfollow(name);
        }

        if (subscription.NameCount > options.MaxNames)
        {
            throw new Grpc.GrpcException(Grpc.GrpcStatus.ResourceExhausted, $"more than {options.MaxNames} names on one stream");
        }
    }
}
