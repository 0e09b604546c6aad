using Ambient.Waypoint.Telemetry.Tracing;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Tests.Telemetry.Tracing;

public sealed class TraceContextReaderTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";

    [Theory]
    [InlineData($"traceparent=00-{Trace}-{Span}-01", Trace, true, "W3C")]
    [InlineData($"traceparent=00-{Trace}-{Span}-00", Trace, false, "W3C")]
    [InlineData($"traceparent=00-{Trace}-{Span}-03", Trace, true, "W3C")]
    [InlineData($"traceparent=cc-{Trace}-{Span}-01-what-comes-later", Trace, true, "W3C")]
    [InlineData($"b3={Trace}-{Span}-1", Trace, true, "B3")]
    [InlineData($"b3={Trace}-{Span}-d", Trace, true, "B3")]
    [InlineData($"b3={Trace}-{Span}-0-{Span}", Trace, false, "B3")]
    [InlineData($"b3={Trace}-{Span}", Trace, null, "B3")]
    [InlineData($"b3=a3ce929d0e0e4736-{Span}-1", "0000000000000000a3ce929d0e0e4736", true, "B3")]
    [InlineData($"x-b3-traceid={Trace};x-b3-spanid={Span};x-b3-sampled=1", Trace, true, "B3Multi")]
    [InlineData($"x-b3-traceid={Trace};x-b3-spanid={Span};x-b3-sampled=false", Trace, false, "B3Multi")]
    [InlineData($"x-b3-traceid={Trace};x-b3-spanid={Span};x-b3-flags=1", Trace, true, "B3Multi")]
    [InlineData($"x-b3-traceid=a3ce929d0e0e4736;x-b3-spanid={Span}", "0000000000000000a3ce929d0e0e4736", null, "B3Multi")]
    [InlineData($"b3={Trace}-{Span}-1;traceparent=00-{Trace}-{Span}-00", Trace, false, "W3C")]
    [InlineData($"b3={Trace}-{Span}-1;traceparent=garbage", Trace, true, "B3")]
    public void Context_Written_IsRead(string headers, string trace, bool? sampled, string format)
    {
        TraceContext? context = TraceContextReader.Read(Headers(headers));

        Assert.Equal((trace, Span, sampled, Enum.Parse<TraceFormat>(format)), (context?.TraceId.ToHexString(), context?.SpanId.ToHexString(), context?.Sampled, context!.Value.Format));
    }

    [Theory]
    [InlineData("")]
    [InlineData("traceparent=")]
    [InlineData($"traceparent=ff-{Trace}-{Span}-01")]
    [InlineData($"traceparent=00-{Trace}-{Span}-01-more")]
    [InlineData($"traceparent=cc-{Trace}-{Span}-01.more")]
    [InlineData($"traceparent=00-00000000000000000000000000000000-{Span}-01")]
    [InlineData($"traceparent=00-{Trace}-0000000000000000-01")]
    [InlineData($"traceparent=00-4BF92F3577B34DA6A3CE929D0E0E4736-{Span}-01")]
    [InlineData($"traceparent=00-{Trace}-{Span}-0x")]
    [InlineData("traceparent=0000000000000000000000000000000000000000000000000000000")]
    [InlineData("traceparent=-------------------------------------------------------")]
    [InlineData("b3=0")]
    [InlineData("b3=1")]
    [InlineData("b3=----")]
    [InlineData($"b3={Trace}-{Span}-2")]
    [InlineData($"b3={Trace}-{Span}-1-{Span}-1")]
    [InlineData($"b3={Trace}-{Span}-1-short")]
    [InlineData($"b3={Trace}")]
    [InlineData($"x-b3-traceid={Trace}")]
    [InlineData($"x-b3-traceid={Trace}0;x-b3-spanid={Span}")]
    public void Context_Damaged_IsAsIfThereWereNone(string headers) => Assert.Null(TraceContextReader.Read(Headers(headers)));

    [Fact]
    public void Context_TwiceThere_IsAsIfThereWereNone()
    {
        var headers = new HeaderDictionary { ["traceparent"] = new([$"00-{Trace}-{Span}-01", $"00-{Trace}-{Span}-00"]) };

        Assert.Null(TraceContextReader.Read(headers));
    }

    private static HeaderDictionary Headers(string text)
    {
        var headers = new HeaderDictionary();
        foreach (string[] header in text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static h => h.Split('=', 2)))
        {
            headers[header[0]] = header[1];
        }

        return headers;
    }
}
