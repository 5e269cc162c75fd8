(* The words in which statements are written. Nothing here is proved; this file is to be read.

   Indices are integers (Z), quantities real numbers (R), families functions from indices to numbers. Everything else
   in a statement (exp, ln, sqrt, Derive, ex_derive, locally, ...) is the standard library's or Coquelicot's. *)
From Coq Require Import Reals ZArith.
From Coquelicot Require Import Coquelicot.

(* f(low) + f(low + 1) + ..., `count` summands *)
Fixpoint add_up (count : nat) (low : Z) (f : Z -> R) : R :=
  match count with
  | O => 0%R
  | S fewer => (f low + add_up fewer (low + 1)%Z f)%R
  end.

(* the sum of f(k) for low <= k <= high; 0 if there is no such k *)
Definition Sum (low high : Z) (f : Z -> R) : R := add_up (Z.to_nat (high - low + 1)) low f.

(* Kronecker's delta *)
Definition delta (i j : Z) : R := if Z.eqb i j then 1%R else 0%R.

(* `this` where i = j, `that` elsewhere *)
Definition if_equal (i j : Z) (this that : R) : R := if Z.eqb i j then this else that.

(* the family z with the value t at j *)
Definition upd (z : Z -> R) (j : Z) (t : R) : Z -> R := fun k => if Z.eqb k j then t else z k.

(* the matrix w with the value t at row p and column q *)
Definition upd2 (w : Z -> Z -> R) (p q : Z) (t : R) : Z -> Z -> R :=
  fun a b => if andb (Z.eqb a p) (Z.eqb b q) then t else w a b.

(* 1 for an even number, -1 for an odd one *)
Definition alternating (j : Z) : R := if Z.even j then 1%R else (-1)%R.

(* the numbers 0, 1, 2, ... without j *)
Definition without (j q : Z) : Z := if Z.ltb q j then q else (q + 1)%Z.

(* the determinant of the entries a(p, q) with 0 <= p, q < count, along the first row *)
Fixpoint laplace (count : nat) (a : Z -> Z -> R) : R :=
  match count with
  | O => 1%R
  | S fewer =>
      add_up count 0%Z
        (fun j => alternating j * a 0%Z j * laplace fewer (fun p q => a (p + 1)%Z (without j q)))%R
  end.

(* the determinant of the entries a(i, j) with low <= i, j <= high *)
Definition det (low high : Z) (a : Z -> Z -> R) : R :=
  laplace (Z.to_nat (high - low + 1)) (fun p q => a (low + p)%Z (low + q)%Z).
