namespace Ambient.Routing.Balancers;

internal static class Walk
{
    /// <summary>The first that fits from a place on, around once; each endpoint is asked once though it stands many times.</summary>
    public static BalancedEndpoint? From(BalancedEndpoint[] around, int start, in Fitness fits)
    {
        HashSet<BalancedEndpoint>? asked = null;
        for (int i = 0; i < around.Length; i++)
        {
            BalancedEndpoint endpoint = around[(start + i) % around.Length];
            if (asked?.Contains(endpoint) == true)
            {
                continue;
            }

            if (fits.Takes(endpoint))
            {
                return endpoint;
            }

            (asked ??= []).Add(endpoint);
        }

        return null;
    }
}
