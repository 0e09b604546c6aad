using Ambient.Compile.Routes.Reading;
using Ambient.Compile.Sources;
using Ambient.Core.Routes;

namespace Ambient.Compile.Routes.ServiceProfiles;

/// <summary>A ResponseClass of a ServiceProfile as ranges of statuses, whatever its condition is made of.</summary>
internal static class ProfileResponses
{
    private const int First = 100;
    private const int Last = 599;
    private const int MaxDepth = 8;

    public static IEnumerable<ResponseClass> Of(JsonView c)
    {
        bool failure = c.Flag("isFailure");
        var fits = Condition(c["condition"].Exists ? c["condition"] : throw new FieldException($"{c.Path}.condition", "is required"), 0);
        for (int status = First; status <= Last; status++)
        {
            if (fits(status))
            {
                int begin = status;
                while (status < Last && fits(status + 1))
                {
                    status++;
                }

                yield return new ResponseClass(begin, status, failure);
            }
        }
    }

    // Fields of one condition hold together, as in Linkerd.
    private static Func<int, bool> Condition(JsonView condition, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new FieldException(condition.Path, $"is nested deeper than {MaxDepth}");
        }

        var parts = new List<Func<int, bool>>();
        if (condition["status"].Exists)
        {
            int min = condition["status"].Whole("min", First, Last, First), max = condition["status"].Whole("max", First, Last, Last);
            parts.Add(min <= max ? s => s >= min && s <= max : throw new FieldException(condition["status"].Path, "has a max below its min"));
        }

        if (condition["all"].Exists)
        {
            var all = condition.List("all").Select(c => Condition(c, depth + 1)).ToList();
            parts.Add(s => all.TrueForAll(c => c(s)));
        }

        if (condition["any"].Exists)
        {
            var any = condition.List("any").Select(c => Condition(c, depth + 1)).ToList();
            parts.Add(s => any.Exists(c => c(s)));
        }

        if (condition["not"].Exists)
        {
            var not = Condition(condition["not"], depth + 1);
            parts.Add(s => !not(s));
        }

        return parts.Count == 0 ? throw new FieldException(condition.Path, "needs status, all, any or not") : s => parts.TrueForAll(c => c(s));
    }
}
