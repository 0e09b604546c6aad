using Ambient.Core.Workloads;
using Ambient.Routing.Destinations;
using Ambient.Routing.Endpoints;
using static Ambient.Routing.Tests.Mesh;

namespace Ambient.Routing.Tests.Endpoints;

public class EndpointPickerTests
{
    [Theory]
    [InlineData(1u, 1u)]
    [InlineData(1u, 3u)]
    [InlineData(10u, 1u)]
    [InlineData(4_000_000_000u, 4_000_000_000u)]
    public void Pick_WithoutLoad_FollowsCapacity(uint first, uint second)
    {
        Candidates candidates = Of(first, second);
        EndpointPicker picker = new(new Random(42));

        int firsts = Enumerable.Range(0, 4000).Count(_ => picker.Pick(candidates).Workload.Name == "e0");

        double expected = 4000.0 * first / ((double)first + second);
        Assert.InRange(firsts, expected - 200, expected + 200);
    }

    [Fact]
    public void Pick_WithLoad_SpreadsConnectionsEvenly()
    {
        Load load = new();
        EndpointPicker picker = new(new Random(42), load);
        Candidates candidates = Of(1, 1, 1, 1, 1, 1, 1, 1);

        for (int i = 0; i < 8000; i++)
        {
            load.Open(picker.Pick(candidates).Workload);
        }

        Assert.All(candidates.Endpoints, e => Assert.InRange(load.ActiveConnections(e.Workload), 980, 1020));
    }

    [Fact]
    public void Pick_WithLoadAndCapacity_SpreadsByCapacity()
    {
        Load load = new();
        EndpointPicker picker = new(new Random(42), load);
        Candidates candidates = Of(1, 3);

        for (int i = 0; i < 4000; i++)
        {
            load.Open(picker.Pick(candidates).Workload);
        }

        Assert.InRange(load.ActiveConnections(candidates.Endpoints[1].Workload), 2900, 3100);
    }

    [Fact]
    public void Pick_OneIsBusy_TheOtherOfTwoIsAlwaysTaken()
    {
        Load load = new();
        Candidates candidates = Of(1, 1);
        for (int i = 0; i < 50; i++)
        {
            load.Open(candidates.Endpoints[0].Workload);
        }

        EndpointPicker picker = new(new Random(1), load);

        Assert.All(Enumerable.Range(0, 40), _ => Assert.Equal("e1", picker.Pick(candidates).Workload.Name));
    }

    [Fact]
    public void At_EveryPoint_FallsIntoItsEndpoint()
    {
        Candidates candidates = Of(2, 1, 3);

        Assert.Equal([0, 0, 1, 2, 2, 2], Enumerable.Range(0, 6).Select(p => candidates.At((ulong)p)));
        Assert.Equal(6ul, candidates.TotalWeight);
    }

    private static Candidates Of(params uint[] capacities) => new(
        [.. capacities.Select((c, i) => new Candidate(Pod("shop", $"e{i}", $"10.9.0.{i + 1}") with { Capacity = c }, 80))], null, null);

    private sealed class Load : IEndpointLoad
    {
        private readonly Dictionary<string, int> _open = [];

        public int ActiveConnections(Workload endpoint) => _open.GetValueOrDefault(endpoint.Uid);

        public void Open(Workload endpoint) => _open[endpoint.Uid] = ActiveConnections(endpoint) + 1;
    }
}
