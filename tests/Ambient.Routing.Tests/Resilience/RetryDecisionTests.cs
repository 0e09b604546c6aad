using Ambient.Core.Routes;
using Ambient.Routing.Resilience;
using Ambient.Testing;

namespace Ambient.Routing.Tests.Resilience;

public class RetryDecisionTests
{
    // Without conditions: what is safe.
    [Theory]
    [InlineData(RetryOn.ServerError, null, true)]
    [InlineData(RetryOn.ServerError, false, false)]
    [InlineData(RetryOn.StatusCodes, null, false)]
    [InlineData(RetryOn.StatusCodes, true, true)]
    [InlineData(RetryOn.None, false, false)]
    public void Timeout_OfAnAttempt_IsRepeatedAsThePolicySays(RetryOn on, bool? afterTimeout, bool retried)
    {
        RetryPolicy policy = new() { Attempts = 1, On = on, Codes = on == RetryOn.StatusCodes ? [500] : [], AfterTimeout = afterTimeout };

        Assert.Equal(retried, RetryDecision.Decide(policy, State("GET"), new AttemptResult(AttemptFailure.Timeout, 0), null).Retry);
        Assert.Equal(on != RetryOn.StatusCodes, RetryDecision.Decide(policy, State("GET"), new AttemptResult(AttemptFailure.Reset, 0), null).Retry);
    }

    [Theory]
    [InlineData("GET", AttemptFailure.Connect, 0, true)]
    [InlineData("POST", AttemptFailure.Connect, 0, true)]
    [InlineData("POST", AttemptFailure.RefusedStream, 0, true)]
    [InlineData("POST", AttemptFailure.ResetBeforeRequest, 0, true)]
    [InlineData("POST", AttemptFailure.Reset, 0, false)]
    [InlineData("PATCH", AttemptFailure.Reset, 0, false)]
    [InlineData("POST", AttemptFailure.Timeout, 0, false)]
    [InlineData("GET", AttemptFailure.Reset, 0, true)]
    [InlineData("DELETE", AttemptFailure.Timeout, 0, true)]
    [InlineData("GET", AttemptFailure.None, 503, false)]
    [InlineData("GET", AttemptFailure.None, 500, false)]
    [InlineData("GET", AttemptFailure.None, 200, false)]
    public void Default_ByMethod_OnlyWhatIsSafe(string method, AttemptFailure failure, int status, bool retried) =>
        Assert.Equal(retried, RetryDecision.Decide(
            RetryDecision.Default, State(method), new AttemptResult(failure, status), null).Retry);

    // Asked for: every method.
    [Theory]
    [InlineData(RetryOn.ServerError, AttemptFailure.None, 500, null, true)]
    [InlineData(RetryOn.ServerError, AttemptFailure.Reset, 0, null, true)]
    [InlineData(RetryOn.ServerError, AttemptFailure.None, 499, null, false)]
    [InlineData(RetryOn.GatewayError, AttemptFailure.None, 503, null, true)]
    [InlineData(RetryOn.GatewayError, AttemptFailure.None, 500, null, false)]
    [InlineData(RetryOn.GatewayError, AttemptFailure.Timeout, 0, null, true)]
    [InlineData(RetryOn.Reset, AttemptFailure.Connect, 0, null, true)]
    [InlineData(RetryOn.Reset, AttemptFailure.None, 503, null, false)]
    [InlineData(RetryOn.ResetBeforeRequest, AttemptFailure.Reset, 0, null, false)]
    [InlineData(RetryOn.ConnectFailure, AttemptFailure.Connect, 0, null, true)]
    [InlineData(RetryOn.ConnectFailure, AttemptFailure.Reset, 0, null, false)]
    [InlineData(RetryOn.RefusedStream, AttemptFailure.RefusedStream, 0, null, true)]
    [InlineData(RetryOn.Retriable4xx, AttemptFailure.None, 409, null, true)]
    [InlineData(RetryOn.StatusCodes, AttemptFailure.None, 418, null, true)]
    [InlineData(RetryOn.StatusCodes, AttemptFailure.None, 503, null, false)]
    [InlineData(RetryOn.GrpcUnavailable, AttemptFailure.None, 200, 14, true)]
    [InlineData(RetryOn.GrpcUnavailable, AttemptFailure.None, 200, 13, false)]
    [InlineData(RetryOn.GrpcCancelled, AttemptFailure.None, 200, 1, true)]
    [InlineData(RetryOn.GrpcDeadlineExceeded, AttemptFailure.None, 200, 4, true)]
    [InlineData(RetryOn.GrpcResourceExhausted, AttemptFailure.None, 200, 8, true)]
    [InlineData(RetryOn.GrpcInternal, AttemptFailure.None, 200, 13, true)]
    public void Condition_AskedFor_HoldsForEveryMethod(RetryOn on, AttemptFailure failure, int status, int? grpc, bool retried)
    {
        RetryPolicy policy = new() { Attempts = 1, On = on, Codes = on == RetryOn.StatusCodes ? [418] : [] };
        Assert.Equal(retried, RetryDecision.Decide(policy, State("POST"), new AttemptResult(failure, status, grpc), null).Retry);
    }

    [Fact]
    public void Retry_WhatStandsAgainst_IsSaid()
    {
        RetryPolicy policy = new() { Attempts = 2, On = RetryOn.ServerError };
        AttemptResult failed = AttemptResult.Answered(503);
        Assert.True(RetryDecision.Decide(policy, State("GET") with { Attempts = 2 }, failed, () => true).Retry);
        Assert.Equal(
            [
                "5xx: all 2 retries are used", "5xx: the answer has begun", "5xx: the request's time is over",
                "5xx: the body is too large to be sent again", "5xx: the retry budget is used",
            ],
            new[]
            {
                State("GET") with { Attempts = 3 },
                State("GET") with { AnswerStarted = true },
                State("GET") with { Late = true },
                State("GET") with { BodyReplayable = false },
                State("GET"),
            }.Select(s => RetryDecision.Decide(policy, s, failed, () => false)).Select(v => v.Retry ? "retried" : v.Reason));
        Assert.False(RetryDecision.Decide(RetryPolicy.Off, State("GET"), AttemptResult.Failed(AttemptFailure.Connect), null).Retry);
    }

    [Fact]
    public void Backoff_EachRetry_GrowsWithinItsBounds()
    {
        Random random = new(1);
        foreach ((int retry, int most) in new[] { (1, 25), (2, 75), (3, 175), (4, 250), (50, 250) })
        {
            double[] drawn = [.. Enumerable.Range(0, 500).Select(_ => RetryBackoff.Before(retry, new RetryPolicy(), random).TotalMilliseconds)];
            Assert.InRange(drawn.Max(), most * 0.9, most);
            Assert.InRange(drawn.Min(), 0, most * 0.1);
        }
    }

    [Fact]
    public void Budget_ByRatio_AllowsAShareOfRequestsAndALittleMore()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        RetryBudgetMeter meter = new(new RetryBudget(0.2, 1, TimeSpan.FromSeconds(10)), time);
        Repeat(100, meter.RequestStarted);
        Assert.Equal(30, Enumerable.Range(0, 100).Count(_ => meter.TryStartRetry()));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => meter.TryStartRetry()));
    }

    [Fact]
    public void Budget_ByConcurrency_AllowsAShareOfWhatIsUnderWay()
    {
        RetryBudgetMeter meter = new(new RetryBudget(0.2, 0, TimeSpan.FromSeconds(10), MinConcurrent: 3), new ManualTime(DateTimeOffset.UnixEpoch));
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => meter.TryStartRetry()));
        Repeat(50, meter.RequestStarted);
        Assert.Equal(7, Enumerable.Range(0, 20).Count(_ => meter.TryStartRetry()));
        meter.RetryEnded();
        Assert.True(meter.TryStartRetry());
        Assert.Equal(10, meter.ActiveRetries);
    }

    private static RetryState State(string method) => new() { Method = method, Attempts = 1 };

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }
}
