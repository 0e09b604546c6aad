using System.Globalization;

namespace Ambient.Policy.Telemetry.Expressions;

/// <summary>Tokens → nodes, types checked. Recursive descent, one method a level of binding, loosest first.</summary>
internal sealed class Parser(List<Token> tokens)
{
    private const int MaxDepth = 32;

    private int _next;
    private int _depth;

    private Token Current => tokens[_next];

    /// <exception cref="ExpressionException">What is written is not understood.</exception>
    public Node Parse()
    {
        Node node = Choice();
        return Current.Kind == TokenKind.End ? node : throw new ExpressionException($"{Current} at {Current.At} is not expected there");
    }

    private Node Choice()
    {
        if (++_depth > MaxDepth)
        {
            throw new ExpressionException($"is nested deeper than {MaxDepth}");
        }

        Node test = Or();
        if (Take("?"))
        {
            Node then = Choice();
            Expect(":");
            Node otherwise = Choice();
            test = new Node.Choice(Bool(test, "?"), then, then.Kind == otherwise.Kind ? otherwise
                : throw new ExpressionException($"the sides of ':' are {then.Kind} and {otherwise.Kind}, but must be of one type"));
        }

        _depth--;
        return test;
    }

    private Node Or()
    {
        Node left = And();
        while (Take("||"))
        {
            left = new Node.Both(Bool(left, "||"), Bool(And(), "||"), false);
        }

        return left;
    }

    private Node And()
    {
        Node left = Relation();
        while (Take("&&"))
        {
            left = new Node.Both(Bool(left, "&&"), Bool(Relation(), "&&"), true);
        }

        return left;
    }

    private Node Relation()
    {
        Node left = Unary();
        if (Current is { Kind: TokenKind.Name, Content: "in" })
        {
            _next++;
            return In(left);
        }

        if (Current.Kind != TokenKind.Sign || Current.Content is not ("==" or "!=" or "<" or "<=" or ">" or ">="))
        {
            return left;
        }

        string sign = tokens[_next++].Content;
        Node right = Unary();
        return left.Kind != right.Kind ? throw new ExpressionException($"'{sign}' compares {left.Kind} with {right.Kind}")
            : left.Kind == ValueKind.Bool && sign is not ("==" or "!=") ? throw new ExpressionException($"'{sign}' cannot compare Bool")
            : new Node.Comparison(left, sign, right);
    }

    private Node In(Node left)
    {
        if (Current is { Kind: TokenKind.Name, Content: "request" })
        {
            Node.Constant? name = left as Node.Constant;
            return Path() == FactNames.Headers && name is { Kind: ValueKind.Text }
                ? new Node.Has(new Node.Header(name.Value.Text.ToLowerInvariant()))
                : throw new ExpressionException("after 'in' a list or request.headers is expected");
        }

        Expect("[");
        List<Value> values = [];
        do
        {
            values.Add(Unary() is Node.Constant constant && constant.Kind == left.Kind ? constant.Value
                : throw new ExpressionException($"a list holds literals of the type of what is looked for, {left.Kind}"));
        }
        while (Take(","));
        Expect("]");
        return new Node.In(left, values);
    }

    private Node Unary()
    {
        if (Take("!"))
        {
            if (++_depth > MaxDepth)
            {
                throw new ExpressionException($"is nested deeper than {MaxDepth}");
            }

            Node part = Bool(Unary(), "!");
            _depth--;
            return new Node.Not(part);
        }

        if (Take("-"))
        {
            return Current.Kind == TokenKind.Number ? new Node.Constant(Value.Of(-Number(tokens[_next++])))
                : throw new ExpressionException("'-' only stands before a number");
        }

        return Primary();
    }

    private Node Primary()
    {
        Token token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                _next++;
                return new Node.Constant(Value.Of(Number(token)));
            case TokenKind.Text:
                _next++;
                return Tested(new Node.Constant(Value.Of(token.Content)));
            case TokenKind.Name:
                return Named();
            case TokenKind.Sign when Take("("):
                Node inner = Choice();
                Expect(")");
                return Tested(inner);
            default:
                throw new ExpressionException($"{token} at {token.At} is not expected there");
        }
    }

    private Node Named()
    {
        switch (Current.Content)
        {
            case "true" or "false":
                return new Node.Constant(Value.Of(tokens[_next++].Content == "true"));
            case "has":
                _next++;
                Expect("(");
                Node part = Attribute();
                Expect(")");
                return new Node.Has(part);
            case "duration":
                _next++;
                Expect("(");
                Token text = Current.Kind == TokenKind.Text ? tokens[_next++] : throw new ExpressionException("duration('…') takes a string such as '250ms'");
                Expect(")");
                return new Node.Constant(Value.Of(DurationText.Parse(text.Content)));
            default:
                return Tested(Attribute());
        }
    }

    /// <summary>What follows a text: <c>.startsWith(…)</c> and its like.</summary>
    private Node Tested(Node node)
    {
        if (!Take("."))
        {
            return node;
        }

        string function = Current.Kind == TokenKind.Name ? tokens[_next++].Content : "";
        if (function is not ("startsWith" or "endsWith" or "contains"))
        {
            throw new ExpressionException($"there is no function '{function}' here; there are startsWith, endsWith and contains");
        }

        Expect("(");
        Node argument = Unary();
        Expect(")");
        return node.Kind == ValueKind.Text && argument.Kind == ValueKind.Text ? new Node.TextTest(node, function, argument)
            : throw new ExpressionException($"{function} is for strings");
    }

    private Node Attribute()
    {
        string path = Path();
        if (path == FactNames.Headers)
        {
            Expect("[");
            Token name = Current.Kind == TokenKind.Text ? tokens[_next++] : throw new ExpressionException("request.headers takes a name in quotes");
            Expect("]");
            return new Node.Header(name.Content.ToLowerInvariant());
        }

        return FactNames.TryFind(path, out FactName attribute, out ValueKind kind) ? new Node.Attribute(attribute, kind)
            : throw new ExpressionException($"there is no attribute '{path}'; there are {string.Join(", ", FactNames.Names)}");
    }

    /// <summary>Names with dots between; a dot before a function is left.</summary>
    private string Path()
    {
        List<string> names = [];
        while (Current.Kind == TokenKind.Name)
        {
            bool call = names.Count > 0 && tokens[_next + 1].Is("(");
            if (call)
            {
                _next--;
                break;
            }

            names.Add(tokens[_next++].Content);
            if (!Current.Is(".") || tokens[_next + 1].Kind != TokenKind.Name)
            {
                break;
            }

            _next++;
        }

        return string.Join('.', names);
    }

    private static Node Bool(Node node, string sign) =>
        node.Kind == ValueKind.Bool ? node : throw new ExpressionException($"'{sign}' is for conditions, not for {node.Kind}");

    private static double Number(Token token) =>
        double.TryParse(token.Content, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? number
            : throw new ExpressionException($"{token} is not a number");

    private bool Take(string sign)
    {
        bool there = Current.Is(sign);
        _next += there ? 1 : 0;
        return there;
    }

    private void Expect(string sign)
    {
        if (!Take(sign))
        {
            throw new ExpressionException($"'{sign}' is expected at {Current.At}, not {Current}");
        }
    }
}
