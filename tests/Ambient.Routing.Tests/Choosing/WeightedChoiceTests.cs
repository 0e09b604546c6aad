using Ambient.Core.Routes;
using Ambient.Routing.Choosing;

namespace Ambient.Routing.Tests.Choosing;

public class WeightedChoiceTests
{
    [Fact]
    public void Choice_NinetyToTen_SharesHold()
    {
        Random random = new(1);
        int second = Enumerable.Range(0, 10_000).Count(_ =>
            WeightedChoice.Choose([RouteText.Backend("a", 90), RouteText.Backend("b", 10)], random)!.Target.Name == "b");
        Assert.InRange(second, 900, 1100);
    }

    [Fact]
    public void Choice_WeightZeroOfSeveral_Never()
    {
        Random random = new(1);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(
            "b", WeightedChoice.Choose([RouteText.Backend("a", 0), RouteText.Backend("b", 1)], random)!.Target.Name));
    }

    [Fact]
    public void Choice_SingleBackend_WhateverItsWeight() =>
        Assert.Equal("a", WeightedChoice.Choose([RouteText.Backend("a", 0)], new Random(1))!.Target.Name);

    [Fact]
    public void Choice_NothingToChoose_Null()
    {
        Assert.Null(WeightedChoice.Choose([], new Random(1)));
        Assert.Null(WeightedChoice.Choose([RouteText.Backend("a", 0), RouteText.Backend("b", 0)], new Random(1)));
    }

    [Fact]
    public void Faults_DelayAndAbort_DrawnApart()
    {
        FaultPolicy policy = new(new FaultDelay(50, TimeSpan.FromSeconds(5)), new FaultAbort(50, 503));
        Random random = new(1);
        FaultDecision[] drawn = [.. Enumerable.Range(0, 4000).Select(_ => FaultDecision.Draw(policy, random))];
        Assert.InRange(drawn.Count(d => d.Delay is not null && d.Abort is not null), 900, 1100);
        Assert.InRange(drawn.Count(d => d.Delay is null && d.Abort is null), 900, 1100);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(100, true)]
    public void Faults_NeverAndAlways_AreExact(double percentage, bool drawn)
    {
        Random random = new(1);
        FaultPolicy policy = new(null, new FaultAbort(percentage, 500));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(drawn, FaultDecision.Draw(policy, random).Abort is not null));
        Assert.Equal(default, FaultDecision.Draw(null, random));
    }
}
