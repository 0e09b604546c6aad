using System.Globalization;
using Ambient.Core.Routes;
using Ambient.Routing.Resilience;
using Ambient.Testing;

namespace Ambient.Routing.Tests.Resilience;

public class OutlierDetectorTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    // Rows: results in order (status, C connect failure, T time-out, gN gRPC status), ejected at the end.
    [Theory]
    [InlineData("500 500 500", true)]
    [InlineData("500 500 200 500 500", false)]
    [InlineData("500 404 500 500", false)]
    [InlineData("C 500 T", true)]
    [InlineData("g14 g13 g4", true)]
    [InlineData("g7 g7 g7", false)]
    [InlineData("429 429 429", false)]
    public void ServerErrors_InARow_Eject(string results, bool ejected)
    {
        OutlierDetector detector = Detector(new OutlierDetection { Consecutive5xx = 3 });
        Assert.Equal(ejected, Report(detector, "a", results));
    }

    [Theory]
    [InlineData("502 503", true)]
    [InlineData("502 500 503", false)]
    [InlineData("C T", true)]
    public void GatewayErrors_InARow_Eject(string results, bool ejected) =>
        Assert.Equal(ejected, Report(Detector(new OutlierDetection { Consecutive5xx = 0, ConsecutiveGatewayErrors = 2 }), "a", results));

    [Theory]
    [InlineData("C C", true)]
    [InlineData("C 500 C", false)]
    [InlineData("500 500 500", false)]
    public void LocalErrors_Split_CountApart(string results, bool ejected) =>
        Assert.Equal(ejected, Report(
            Detector(new OutlierDetection { Consecutive5xx = 5, SplitLocalErrors = true, ConsecutiveLocalErrors = 2 }), "a", results));

    [Theory]
    [InlineData("418 418", true)]
    [InlineData("500 500", false)]
    public void ErrorCodes_Named_CountInsteadOf5xx(string results, bool ejected) =>
        Assert.Equal(ejected, Report(Detector(new OutlierDetection { Consecutive5xx = 2, ErrorCodes = [418] }), "a", results));

    [Theory]
    [InlineData("200 500 429 500 200", true)]
    [InlineData("200 200 200 200 500", false)]
    [InlineData("500 500 500", false)]
    public void SuccessRate_BelowWithEnoughRequests_Ejects(string results, bool ejected) =>
        Assert.Equal(ejected, Report(Detector(new OutlierDetection { Consecutive5xx = 0, MinSuccessRate = 0.8 }), "a", results));

    // Rows: endpoints, max percent, how many of them may be out at once.
    [Theory]
    [InlineData(2, 10, 1)]
    [InlineData(10, 10, 1)]
    [InlineData(20, 10, 2)]
    [InlineData(4, 50, 2)]
    [InlineData(4, 100, 4)]
    [InlineData(4, 0, 0)]
    public void MaxEjection_OfSeveral_AtLeastOneUnlessZero(int endpoints, double percent, int most)
    {
        OutlierDetector detector = new(new OutlierDetection { Consecutive5xx = 1, MaxEjectionPercent = percent }, _time, new Random(1));
        string[] ids = [.. Enumerable.Range(0, endpoints).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        detector.SetEndpoints(ids);
        Assert.Equal(most, ids.Count(id => detector.Report(id, AttemptResult.Answered(500))));
        Assert.Equal(most, detector.Ejected);
    }

    [Fact]
    public void Ejection_EachTime_LastsLongerUpToTheMost()
    {
        OutlierDetector detector = Detector(new OutlierDetection
        {
            Consecutive5xx = 1,
            BaseEjectionTime = TimeSpan.FromSeconds(30),
            MaxEjectionTime = TimeSpan.FromSeconds(80),
        });
        Assert.True(Report(detector, "a", "500"));
        foreach (int seconds in new[] { 30, 60, 80, 80 })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.False(detector.MayTake("a"));
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(detector.TryTake("a"));
            Assert.True(Report(detector, "a", "500"));
        }
    }

    [Fact]
    public void Probe_OfAReturningEndpoint_IsOneRequest()
    {
        OutlierDetector detector = Detector(new OutlierDetection { Consecutive5xx = 1 });
        Report(detector, "a", "500");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(detector.TryTake("a"));
        Assert.False(detector.TryTake("a"));
        detector.Forget("a");
        Assert.True(detector.TryTake("a"));
        Report(detector, "a", "200");
        Assert.Equal((0, "ok"), (detector.Ejected, detector.Describe("a")));
        Assert.True(detector.TryTake("a"));
        Assert.True(detector.TryTake("a"));
    }

    [Fact]
    public void LateAnswers_OfAnEjectedEndpoint_ChangeNothing()
    {
        OutlierDetector detector = Detector(new OutlierDetection { Consecutive5xx = 1 });
        Report(detector, "a", "500");
        Report(detector, "a", "200");
        Report(detector, "a", "500");
        Assert.Equal((1, 1L), (detector.Ejected, detector.Ejections));
        Assert.False(detector.MayTake("a"));
    }

    [Fact]
    public void Ejections_AfterQuietIntervals_AreTakenBack()
    {
        OutlierDetector detector = Detector(new OutlierDetection { Consecutive5xx = 1 });
        Report(detector, "a", "500");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(detector.TryTake("a"));
        Report(detector, "a", "200");
        _time.Advance(TimeSpan.FromSeconds(10));
        Report(detector, "a", "500");
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(detector.MayTake("a"));
    }

    [Fact]
    public void Endpoints_ThatStay_KeepTheirState()
    {
        OutlierDetector detector = Detector(new OutlierDetection { Consecutive5xx = 1 });
        Report(detector, "a", "500");
        detector.SetEndpoints(["a", "c"]);
        Assert.False(detector.MayTake("a"));
        detector.SetEndpoints(["c"]);
        detector.SetEndpoints(["a", "c"]);
        Assert.True(detector.MayTake("a"));
        Assert.False(detector.Report("unknown", AttemptResult.Answered(500)));
    }

    private OutlierDetector Detector(OutlierDetection policy)
    {
        OutlierDetector detector = new(policy, _time, new Random(1));
        detector.SetEndpoints(["a", "b"]);
        return detector;
    }

    private static bool Report(OutlierDetector detector, string endpoint, string results) =>
        results.Split(' ').Select(r => detector.Report(endpoint, r[0] switch
        {
            'C' => AttemptResult.Failed(AttemptFailure.Connect),
            'T' => AttemptResult.Failed(AttemptFailure.Timeout),
            'g' => AttemptResult.Answered(200, int.Parse(r.AsSpan(1), CultureInfo.InvariantCulture)),
            _ => AttemptResult.Answered(int.Parse(r, CultureInfo.InvariantCulture)),
        })).ToList().Contains(true);
}
