using System.Collections.Concurrent;
using Ambient.Core.Identity;
using Ambient.Policy.Telemetry;
using Ambient.Proxy.Telemetry;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Metrics;

/// <summary>
/// Istio's standard metrics of requests, and our own. A request costs one look-up by references and a few interlocked additions. Series are
/// bounded: when there are too many, those that were silent for long are forgotten, and what is still beyond counts in one series.
/// </summary>
internal sealed class RequestMetrics(TimeProvider time, int maxSeries = RequestMetrics.DefaultMaxSeries)
{
    internal const int DefaultMaxSeries = 1_000;
    private static readonly TimeSpan s_silent = TimeSpan.FromMinutes(10), s_sweepPause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SeriesKey, RequestSeries> _series = [];
    private readonly RequestSeries _overflow = new();
    private readonly Parties _parties = new();
    private readonly ServiceNames _services = new();
    private readonly RouteMetrics _routes = new();
    private readonly OwnAnswerMetrics _answers = new();
    private readonly Lock _sweeping = new();
    private long _swept = time.GetTimestamp();
    private long _active;

    internal void Started() => Interlocked.Increment(ref _active);

    /// <param name="plan">Null: labels are as they are.</param>
    /// <param name="values">For the plan, of this request.</param>
    internal void Finished(RequestRecord record, LabelPlan? plan, PlanValues? values)
    {
        Interlocked.Decrement(ref _active);
        long now = time.GetTimestamp();
        ServiceName service = _services.Of(record.Service);
        SpiffeId? caller = record.Caller.VerifiedId;
        var key = new SeriesKey
        {
            Source = _parties.Of(record.CallerWorkload, caller),
            Destination = _parties.Of(record.Endpoint, record.EndpointId),
            Service = service,
            Plan = plan,
            Values = values,
            Flags = record.Flags,
            Status = (short)record.Status,
            GrpcStatus = record.GrpcStatus switch { null => -1, >= 0 and <= 16 and var known => (short)known, _ => 2 },
            IsGrpc = record.IsGrpc,
            IsGateway = record.IsGateway,
            MutualTls = caller is not null,
        };
        RequestSeries series = Series(key, now);
        series.Count(record.Duration, record.RequestBytes, record.ResponseBytes, now);
        if (record.IsGrpc)
        {
            series.CountMessages(record.RequestMessages, record.ResponseMessages);
        }

        _routes.Count(record, service);
        _answers.Count(record, service);
    }

    internal void Render(PrometheusText text)
    {
        KeyValuePair<SeriesKey, RequestSeries>[] all = [.. _series];
        Counter(text, all, IstioMetrics.Requests, "Requests.", static s => s.Duration.Count);
        Histogram(text, all, IstioMetrics.Duration, "Time from the request's head until its answer had ended.", static s => s.Duration);
        Histogram(text, all, IstioMetrics.RequestBytes, "Body bytes of requests.", static s => s.RequestBytes);
        Histogram(text, all, IstioMetrics.ResponseBytes, "Body bytes of answers.", static s => s.ResponseBytes);
        KeyValuePair<SeriesKey, RequestSeries>[] grpc = [.. all.Where(static s => s.Key.IsGrpc)];
        Counter(text, grpc, IstioMetrics.RequestMessages, "gRPC messages of callers.", static s => s.RequestMessages);
        Counter(text, grpc, IstioMetrics.ResponseMessages, "gRPC messages to callers.", static s => s.ResponseMessages);
        text.Family("ambient_requests_active", "gauge", "Requests under way.").Sample("ambient_requests_active", "", Volatile.Read(ref _active));
        text.Family("ambient_request_series", "gauge", "Series of the request metrics; the most there can be is ambient_request_series_max.")
            .Sample("ambient_request_series", "", all.Length);
        text.Family("ambient_request_series_max", "gauge", "Beyond this, requests are counted without labels.").Sample("ambient_request_series_max", "", maxSeries);
        _routes.Render(text);
        _answers.Render(text);
    }

    private RequestSeries Series(in SeriesKey key, long now)
    {
        if (_series.TryGetValue(key, out RequestSeries? series))
        {
            return series;
        }

        if (_series.Count >= maxSeries)
        {
            Sweep(now);
        }

        return _series.Count >= maxSeries ? _overflow : _series.GetOrAdd(key, static _ => new RequestSeries());
    }

    // A request that ends in the same moment as its series is forgotten is not counted: the series was silent, so that is rare.
    private void Sweep(long now)
    {
        if (!_sweeping.TryEnter())
        {
            return;
        }

        try
        {
            if (time.GetElapsedTime(_swept, now) < s_sweepPause)
            {
                return;
            }

            _swept = now;
            foreach ((SeriesKey key, RequestSeries series) in _series)
            {
                if (time.GetElapsedTime(series.Last, now) > s_silent)
                {
                    _series.TryRemove(key, out _);
                }
            }
        }
        finally
        {
            _sweeping.Exit();
        }
    }

    private void Counter(PrometheusText text, KeyValuePair<SeriesKey, RequestSeries>[] all, string name, string help, Func<RequestSeries, long> value)
    {
        text.Family(name, "counter", help);
        foreach ((string labels, RequestSeries series) in Labelled(all, name))
        {
            text.Sample(name, labels, value(series));
        }
    }

    private void Histogram(
        PrometheusText text, KeyValuePair<SeriesKey, RequestSeries>[] all, string name, string help, Func<RequestSeries, ValueHistogram> value)
    {
        text.Family(name, "histogram", help);
        foreach ((string labels, RequestSeries series) in Labelled(all, name))
        {
            value(series).Render(text, name, labels);
        }
    }

    /// <summary>Series whose labels are the same after what Telemetry resources change are one.</summary>
    private Dictionary<string, RequestSeries> Labelled(KeyValuePair<SeriesKey, RequestSeries>[] all, string metric)
    {
        Dictionary<string, RequestSeries> byLabels = new(all.Length + 1, StringComparer.Ordinal);
        foreach ((SeriesKey key, RequestSeries series) in all)
        {
            if (key.Plan?.For(metric).Disabled == true)
            {
                continue;
            }

            string labels = SeriesLabels.Of(key, metric);
            if (byLabels.TryGetValue(labels, out RequestSeries? same))
            {
                var sum = new RequestSeries();
                sum.Add(same);
                sum.Add(series);
                byLabels[labels] = sum;
            }
            else
            {
                byLabels.Add(labels, series);
            }
        }

        if (_overflow.Duration.Count > 0)
        {
            byLabels[PrometheusText.Labels(("reporter", "overflow"))] = _overflow;
        }

        return byLabels;
    }
}
