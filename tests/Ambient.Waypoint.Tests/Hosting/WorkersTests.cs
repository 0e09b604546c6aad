using Ambient.Waypoint.Hosting;

namespace Ambient.Waypoint.Tests.Hosting;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    [InlineData(16, 12)]
    public void For_Cores_LeavesALoopsShareAndAtLeastOne(int cores, int workers) => Assert.Equal(workers, Workers.For(cores));
}
