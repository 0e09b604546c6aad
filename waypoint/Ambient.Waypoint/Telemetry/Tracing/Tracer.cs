using Ambient.Policy.Telemetry;
using Ambient.Waypoint.Requests;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Telemetry.Tracing;

/// <summary>
/// Whether a request is traced:
/// <list type="number">
/// <item>no receiver: no, and headers pass as they are;</item>
/// <item>the caller says that it is sampled: yes; that it is not: no, and its headers pass as they are;</item>
/// <item>otherwise chance decides, by the percentage; either way all who come after are told.</item>
/// </list>
/// </summary>
internal sealed class Tracer(SpanSources sources, Func<double> chance, TimeProvider time)
{
    /// <summary>Null: nothing is to be done.</summary>
    internal RequestTrace? Begin(EffectiveTelemetry telemetry, RequestRecord record, IHeaderDictionary headers)
    {
        if (telemetry.Provider is not { } provider)
        {
            return null;
        }

        TraceContext? context = TraceContextReader.Read(headers);
        if (context is { Sampled: false })
        {
            return null;
        }

        bool sampled = context?.Sampled ?? chance() * 100 < telemetry.SamplingPercentage;
        return new RequestTrace(context, sampled ? sources.Of(provider) : null, record, time);
    }
}
