namespace Ambient.Routing.Choosing;

/// <summary>Draws by percentage.</summary>
public static class Percentages
{
    /// <summary>0 never, 100 always.</summary>
    public static bool Drawn(double percentage, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return percentage >= 100 || (percentage > 0 && random.NextDouble() * 100 < percentage);
    }
}
